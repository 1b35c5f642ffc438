namespace OrleansMemory.Auditing;

/// <summary>One row of the audit trail: who did what, when, and how much of it.</summary>
public sealed record AuditRecord
{
    /// <summary>The row's number, ascending in the order in which they were written.</summary>
    public long Id { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>When it was over; <see langword="null"/> where it is not, or it is not known how it ended.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The tenant whose data it was.</summary>
    public required string Tenant { get; init; }

    /// <summary>What was done; see <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>Who did it, as the caller was known: never a key.</summary>
    public required string Actor { get; init; }

    /// <summary>
    /// A hash of the id of the user or conversation, keyed by the database: 64 lower-case hexadecimal digits; <see langword="null"/> where
    /// it is about none. Who knows the id can ask for its rows; no one reads the id from a row.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>How much, as a JSON object of numbers; <see langword="null"/> for nothing to count, or not over.</summary>
    public string? Counts { get; init; }
}
