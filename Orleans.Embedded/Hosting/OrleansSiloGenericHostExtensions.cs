using Orleans.Hosting;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds a grain host to an application. Calling it again adds settings to the same host.</summary>
public static class OrleansSiloGenericHostExtensions
{
    /// <summary>Adds the embedded grain host. Grains can be called as soon as the application has started.</summary>
    /// <param name="hostAppBuilder">The application.</param>
    /// <returns>The application.</returns>
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder) =>
        hostAppBuilder.UseOrleans(static _ => { });

    /// <inheritdoc cref="UseOrleans(IHostApplicationBuilder)" />
    public static HostApplicationBuilder UseOrleans(this HostApplicationBuilder hostAppBuilder) =>
        hostAppBuilder.UseOrleans(static _ => { });

    /// <inheritdoc cref="UseOrleans(IHostApplicationBuilder)" />
    /// <param name="hostAppBuilder">The application.</param>
    /// <param name="configureDelegate">Sets the host up.</param>
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostAppBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(new SiloBuilder(hostAppBuilder.Services, hostAppBuilder.Configuration));
        return hostAppBuilder;
    }

    /// <inheritdoc cref="UseOrleans(IHostApplicationBuilder)" />
    /// <param name="hostAppBuilder">The application.</param>
    /// <param name="configureDelegate">Sets the host up.</param>
    public static HostApplicationBuilder UseOrleans(this HostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ((IHostApplicationBuilder)hostAppBuilder).UseOrleans(configureDelegate);
        return hostAppBuilder;
    }

    /// <summary>Adds the embedded grain host. Grains can be called as soon as the application has started.</summary>
    /// <param name="hostBuilder">The application.</param>
    /// <param name="configureDelegate">Sets the host up.</param>
    /// <returns>The application.</returns>
    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(configureDelegate);
        return hostBuilder.UseOrleans((_, siloBuilder) => configureDelegate(siloBuilder));
    }

    /// <inheritdoc cref="UseOrleans(IHostBuilder, Action{ISiloBuilder})" />
    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<HostBuilderContext, ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        return hostBuilder.ConfigureServices(
            (context, services) => configureDelegate(context, new SiloBuilder(services, context.Configuration)));
    }
}
