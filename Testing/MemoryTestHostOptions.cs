using OrleansMemory.Client;
using OrleansMemory.Grains.Conversations;

namespace OrleansMemory.Testing;

/// <summary>How a <see cref="MemoryTestHost"/> is made.</summary>
public sealed class MemoryTestHostOptions
{
    /// <summary>The instant at which the host's <see cref="MemoryTestHost.Clock"/> stands until a test moves it.</summary>
    /// <value>Default: <see langword="null"/>, the instant of the start.</value>
    public DateTimeOffset? StartsAt { get; set; }

    /// <summary>Sets limits and windows of conversations.</summary>
    /// <value>Default: <see langword="null"/>, the defaults of <see cref="ConversationOptions"/>.</value>
    public Action<ConversationOptions>? ConfigureConversations { get; set; }

    /// <summary>Sets options of <see cref="MemoryTestHost.Client"/>.</summary>
    /// <value>Default: <see langword="null"/>, the defaults of <see cref="ConversationClientOptions"/>.</value>
    public Action<ConversationClientOptions>? ConfigureClient { get; set; }

    /// <summary>
    /// Adds to the silo, behind what the host itself registers: a chat client for the extraction of facts, an embedding generator, grains
    /// of your own, another choice of storage.
    /// </summary>
    /// <value>Default: <see langword="null"/>, nothing.</value>
    public Action<ISiloBuilder>? ConfigureSilo { get; set; }
}
