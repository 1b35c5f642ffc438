using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Testing;

/// <summary>Lets an application under test use the conversations of a test host.</summary>
public static class MemoryTestHostServiceExtensions
{
    /// <summary>
    /// Has an application under test reach the grains of a test host instead of its own: the silo or the client that the application
    /// registered by <c>UseOrleans</c> or <c>UseOrleansClient</c> is not started, and its settings of storage and cluster are not looked
    /// at. For the last word on an application's services, such as <c>ConfigureTestServices</c> of <c>WebApplicationFactory</c>.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="host">The test host, which must outlive the application.</param>
    /// <returns>The same services.</returns>
    /// <example>
    /// <code>
    /// await using MemoryTestHost host = await MemoryTestHost.StartAsync();
    /// await using WebApplicationFactory&lt;Program&gt; app = new WebApplicationFactory&lt;Program&gt;()
    ///     .WithWebHostBuilder(web =&gt; web.ConfigureTestServices(services =&gt; services.UseMemoryTestHost(host)));
    /// HttpClient http = app.CreateClient();
    /// </code>
    /// </example>
    public static IServiceCollection UseMemoryTestHost(this IServiceCollection services, MemoryTestHost host)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(host);
        foreach (ServiceDescriptor service in services.Where(IsOfTheSilo).ToArray())
        {
            services.Remove(service);
        }

        services.RemoveAll<IGrainFactory>();
        services.RemoveAll<IClusterClient>();
        services.AddSingleton(host.Grains);
        services.AddSingleton((IClusterClient)host.Grains);
        return services;
    }

    /// <summary>What starts with the application, or checks its settings at the start, and belongs to Orleans or to our silo.</summary>
    private static bool IsOfTheSilo(ServiceDescriptor service) =>
        service.IsKeyedService ? false
        : service.ServiceType == typeof(IHostedService)
            ? IsOfTheSilo(
                service.ImplementationType?.Assembly
                    ?? service.ImplementationInstance?.GetType().Assembly
                    ?? service.ImplementationFactory?.Method.Module.Assembly
            )
        : service.ServiceType is { IsGenericType: true } type
            && type.GetGenericTypeDefinition() == typeof(IValidateOptions<>)
            && IsOfTheSilo(type.GetGenericArguments()[0].Assembly);

    private static bool IsOfTheSilo(Assembly? assembly) =>
        assembly?.GetName().Name is { } name && (name.StartsWith("Orleans.", StringComparison.Ordinal) || name == "OrleansMemory.Grains");
}
