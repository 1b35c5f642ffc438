using Microsoft.Extensions.DependencyInjection;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Puts services of ours around those of Orleans' providers.</summary>
internal static class ServiceDecoration
{
    /// <summary>
    /// Replaces the service that was registered last, which is the one that Orleans takes, so that a later choice of the application
    /// replaces both.
    /// </summary>
    /// <typeparam name="TService">The service, which was registered by its type.</typeparam>
    /// <param name="decorate">Makes the service that stands around the given one.</param>
    public static void Decorate<TService>(this IServiceCollection services, Func<IServiceProvider, TService, TService> decorate)
        where TService : class
    {
        ServiceDescriptor provided = services.Last(service => service.ServiceType == typeof(TService));
        services.Remove(provided);
        services.AddSingleton(provider =>
            decorate(provider, (TService)ActivatorUtilities.CreateInstance(provider, provided.ImplementationType!))
        );
    }
}
