namespace OrleansMemory.Errors;

/// <summary>
/// A tenant has used up what it may use. Nothing was written; what is there can still be read, truncated, deleted and erased.
/// </summary>
[GenerateSerializer, Alias("OrleansMemory.QuotaExceededException")]
public sealed class QuotaExceededException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="quota">The quota: <c>maxConversations</c>, <c>maxBytes</c> or <c>maxMemories</c>.</param>
    /// <param name="limit">The most there may be.</param>
    /// <param name="used">How much there is.</param>
    /// <param name="wanted">How much more was asked for.</param>
    public QuotaExceededException(string quota, long limit, long used, long wanted)
        : base(
            FormattableString.Invariant(
                $"{quota} is {limit} for this tenant, {used} are used, and {wanted} more were asked for. Delete or truncate what is not needed, or have an operator raise the quota."
            )
        )
    {
        Quota = quota;
        Limit = limit;
        Used = used;
        Wanted = wanted;
    }

    /// <summary>The quota.</summary>
    [Id(0)]
    public string Quota { get; }

    /// <summary>The most there may be.</summary>
    [Id(1)]
    public long Limit { get; }

    /// <summary>How much there is, what is on its way included.</summary>
    [Id(2)]
    public long Used { get; }

    /// <summary>How much more was asked for.</summary>
    [Id(3)]
    public long Wanted { get; }
}
