using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Client.Compatibility.MemoryStore;

/// <summary>Registers the store of sessions.</summary>
public static class MemoryStoreExtensions
{
    /// <summary>
    /// Makes <see cref="IMemoryStore"/> available: on grains, which needs a <see cref="ConversationClient"/> or an
    /// <see cref="IGrainFactory"/>, or in this process when <see cref="MemoryStoreOptions.Backend"/> asks for it. May be called more than
    /// once.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; <see langword="null"/> leaves them as they are.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMemoryStore(this IServiceCollection services, Action<MemoryStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<MemoryStoreOptions> options = services.AddOptions<MemoryStoreOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MemoryStoreOptions>, MemoryStoreOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMemoryStore>(Make);
        return services;
    }

    private static IMemoryStore Make(IServiceProvider services)
    {
        MemoryStoreOptions options = services.GetRequiredService<IOptions<MemoryStoreOptions>>().Value;
        return options.Backend == MemoryBackend.InMemory
            ? new InMemoryMemoryStore(services.GetRequiredService<TimeProvider>(), options)
            : new GrainMemoryStore(BackendRules.GetClient(services), options);
    }
}
