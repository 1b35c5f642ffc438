using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>Where an <see cref="IMemoryManager"/> keeps memories, and for how long.</summary>
public sealed class MemoryManagerOptions
{
    /// <summary>How long a memory lives unless it is told otherwise: 12 hours.</summary>
    public static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromHours(12);

    /// <summary>Where memories are kept. Looked at by <see cref="MemoryManagerExtensions.AddMemoryManager"/> only.</summary>
    /// <value>Default: <see cref="MemoryBackend.Grains"/>.</value>
    public MemoryBackend Backend { get; set; }

    /// <summary>How long a memory lives from the time it is stored; <see langword="null"/> or
    /// <see cref="Timeout.InfiniteTimeSpan"/> without end. An update does not lengthen it.</summary>
    /// <value>Default: 12 hours. Range: 1 microsecond to 36,500 days.</value>
    public TimeSpan? TimeToLive
    {
        get;
        set => field = InMemory.EntryTime.Meant(value);
    } = DefaultTimeToLive;

    /// <summary>The tenant of the conversations. Memory in this process has no tenants and leaves it alone.</summary>
    /// <value>
    /// Default: <see langword="null"/>, the client's <see cref="ConversationClientOptions.DefaultTenant"/>. The rules are those of
    /// <see cref="ConversationKey"/>.
    /// </value>
    public string? Tenant { get; set; }

    /// <summary>What is wrong with the time to live.</summary>
    /// <returns>The fault; <see langword="null"/> when there is none.</returns>
    internal string? FindTimeToLiveFault() =>
        TimeToLive is { } given && (given < TimeSpan.FromMicroseconds(1) || given > InMemory.EntryTime.Longest)
            ? $"{nameof(TimeToLive)} must be one microsecond to 36,500 days, or null for no end."
            : null;
}
