namespace OrleansMemory.Silo.Limits;

/// <summary>Marks a route whose answers have no end: it is counted as a feed, not as a request.</summary>
internal sealed record LiveFeed
{
    /// <summary>The mark.</summary>
    public static LiveFeed Mark { get; } = new();
}
