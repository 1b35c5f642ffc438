namespace OrleansMemory.AspNetCore;

/// <summary>An error answer as RFC 9457 has it. Its code never changes; clients decide by it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The stable code, also the end of the type.</param>
/// <param name="Title">What kind of error it is.</param>
/// <param name="Detail">What was wrong, and what would be right. No content, no keys.</param>
internal sealed record Problem(int Status, string Code, string Title, string Detail)
{
    /// <summary>What every type starts with.</summary>
    public const string TypePrefix = "urn:orleans-memory:problem:";

    /// <summary>How long to wait before the next attempt; <see langword="null"/> when another attempt would not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The data of the error: numbers and texts by name. Those that are null are left out.</summary>
    public (string Name, object? Value)[] Members { get; init; } = [];
}
