using System.Collections.Frozen;

namespace OrleansMemory.Diagnostics;

/// <summary>
/// The types of our grains, as they stand before the slash of a grain's id. What follows it may name a conversation or a user.
/// </summary>
internal static class OurGrains
{
    /// <summary>The types.</summary>
    public static readonly FrozenSet<string> Types = FrozenSet.Create(
        StringComparer.Ordinal,
        "conversation",
        "conversation-directory",
        "conversation-search",
        "expiry",
        "memory",
        "memory-directory",
        "memory-embedding",
        "memory-extraction",
        "tenant",
        "user-erasure",
        "user-transfer"
    );

    /// <summary>Whether a grain's id is that of one of our grains.</summary>
    /// <param name="grainId">The text form of the id.</param>
    public static bool IsOurs(ReadOnlySpan<char> grainId)
    {
        int slash = grainId.IndexOf('/');
        return slash > 0 && Types.GetAlternateLookup<ReadOnlySpan<char>>().Contains(grainId[..slash]);
    }
}
