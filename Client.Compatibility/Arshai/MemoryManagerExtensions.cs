using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>Registers the memory manager.</summary>
public static class MemoryManagerExtensions
{
    /// <summary>
    /// Makes <see cref="IMemoryManager"/> and <see cref="WorkingMemoryService"/> available: on grains, which needs a
    /// <see cref="ConversationClient"/> or an <see cref="IGrainFactory"/>, or in this process when
    /// <see cref="MemoryManagerOptions.Backend"/> asks for it. May be called more than once.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; <see langword="null"/> leaves them as they are.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMemoryManager(this IServiceCollection services, Action<MemoryManagerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<MemoryManagerOptions> options = services.AddOptions<MemoryManagerOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MemoryManagerOptions>, MemoryManagerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMemoryManager>(Make);
        services.TryAddSingleton<WorkingMemoryService>();
        return services;
    }

    private static IMemoryManager Make(IServiceProvider services)
    {
        MemoryManagerOptions options = services.GetRequiredService<IOptions<MemoryManagerOptions>>().Value;
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        return options.Backend == MemoryBackend.InMemory
            ? new InMemoryManager(options, time, services.GetService<ILogger<InMemoryManager>>() ?? NullLogger<InMemoryManager>.Instance)
            : new GrainMemoryManager(
                BackendRules.GetClient(services),
                options,
                time,
                services.GetService<ILogger<GrainMemoryManager>>() ?? NullLogger<GrainMemoryManager>.Instance
            );
    }
}
