namespace OrleansMemory.Errors;

/// <summary>Something is larger than its configured limit. Nothing was written.</summary>
[GenerateSerializer, Alias("OrleansMemory.PayloadTooLargeException")]
public sealed class PayloadTooLargeException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="parameter">The part of the request that is too large, as a path such as <c>messages[2]</c>.</param>
    /// <param name="actual">Its size, in the limit's unit.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="unit">The unit of both: <c>bytes</c>, <c>messages</c> or <c>entries</c>.</param>
    /// <param name="advice">What to do about it, as a sentence; <see langword="null"/> gives none.</param>
    public PayloadTooLargeException(string parameter, long actual, long limit, string unit, string? advice = null)
        : base(
            FormattableString.Invariant($"{parameter} has {actual} {unit}; at most {limit} are allowed.")
                + (advice is null ? null : " " + advice)
        )
    {
        Parameter = parameter;
        Actual = actual;
        Limit = limit;
        Unit = unit;
    }

    /// <summary>The part of the request that is too large.</summary>
    [Id(0)]
    public string Parameter { get; }

    /// <summary>Its size.</summary>
    [Id(1)]
    public long Actual { get; }

    /// <summary>The limit.</summary>
    [Id(2)]
    public long Limit { get; }

    /// <summary>The unit of both.</summary>
    [Id(3)]
    public string Unit { get; }
}
