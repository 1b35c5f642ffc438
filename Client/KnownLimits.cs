using System.Collections.Concurrent;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client;

/// <summary>What turns may hold, by tenant, so that not every run asks a grain.</summary>
/// <param name="time">The clock.</param>
internal sealed class KnownLimits(TimeProvider time)
{
    /// <summary>How long an answer is good: as long as a silo goes by what it knows of a tenant.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (TurnLimits Limits, long At)> _known = new(StringComparer.Ordinal);

    /// <summary>The limits of a tenant, if they were asked for lately.</summary>
    /// <returns>The limits; <see langword="null"/> when they must be asked for.</returns>
    public TurnLimits? Find(string tenant) =>
        _known.TryGetValue(tenant, out (TurnLimits Limits, long At) known) && time.GetElapsedTime(known.At) < Age ? known.Limits : null;

    /// <summary>Remembers the limits of a tenant.</summary>
    public void Set(string tenant, TurnLimits limits) => _known[tenant] = (limits, time.GetTimestamp());

    /// <summary>Forgets the limits of a tenant, because a silo told of others.</summary>
    public void Forget(string tenant) => _known.TryRemove(tenant, out _);
}
