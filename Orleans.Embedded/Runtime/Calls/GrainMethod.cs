namespace Orleans.Runtime.Calls;

/// <summary>What the host knows of one method of a grain interface.</summary>
internal sealed class GrainMethod
{
    /// <summary>Interface and method, without arguments: safe to log.</summary>
    public required string Name { get; init; }

    public bool AlwaysInterleave { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>Whether the caller does not wait.</summary>
    public bool OneWay { get; init; }

    /// <summary>The method's own response time-out; null for the host's.</summary>
    public TimeSpan? ResponseTimeout { get; init; }
}
