using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Timers;
using Orleans.Timers;

namespace Orleans.Hosting;

/// <summary>Adds the embedded host to the services of an application, once.</summary>
internal sealed class SiloBuilder : ISiloBuilder
{
    public SiloBuilder(IServiceCollection services, IConfiguration configuration)
    {
        Services = services;
        Configuration = configuration;
        if (services.Any(static service => service.ServiceType == typeof(EmbeddedSilo))) return;
        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<EmbeddedSilo>();
        services.AddHostedService(static provider => provider.GetRequiredService<EmbeddedSilo>());
        services.TryAddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<EmbeddedSilo>().Factory);
        services.TryAddSingleton<IClusterClient, ClusterClient>();
        services.TryAddSingleton<ITimerRegistry, TimerRegistry>();
        services.TryAddScoped<IGrainContext>(static _ => RuntimeContext.Current
            ?? throw new InvalidOperationException("There is a grain context only while a grain is made or runs."));
        services.AddSingleton<IValidateOptions<GrainCollectionOptions>, GrainCollectionOptionsValidator>();
        services.AddSingleton<IValidateOptions<SiloMessagingOptions>, SiloMessagingOptionsValidator>();
        services.AddOptions<GrainCollectionOptions>().ValidateOnStart();
        services.AddOptions<SiloMessagingOptions>().ValidateOnStart();
    }

    public IServiceCollection Services { get; }

    public IConfiguration Configuration { get; }
}
