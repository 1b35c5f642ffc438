using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>The chat client that distils facts, when the silo has one.</summary>
/// <param name="services">Where it is looked for, once.</param>
/// <param name="options">Under which key, and whether at all.</param>
internal sealed class ExtractionModel(IServiceProvider services, IOptions<ExtractionOptions> options)
{
    private readonly Lazy<IChatClient?> _client = new(() => Find(services, options.Value));

    /// <summary>Whether facts are distilled at all: turns that are recorded without a model are not queued for one.</summary>
    public bool IsPresent => _client.Value is not null;

    /// <summary>The chat client.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public IChatClient Client =>
        _client.Value
        ?? throw new InvalidOperationException(
            "No chat client is registered, or extraction is off: register an IChatClient in the silo's services."
        );

    private static IChatClient? Find(IServiceProvider services, ExtractionOptions options)
    {
        if (!options.Enabled)
        {
            return null;
        }

        return options.ServiceKey is { } key
            ? services.GetKeyedService<IChatClient>(key)
                ?? throw new InvalidOperationException(
                    "ExtractionOptions.ServiceKey names a chat client that is not registered. Register one with AddKeyedSingleton<IChatClient>(key, ...), or leave the key null."
                )
            : services.GetService<IChatClient>();
    }
}
