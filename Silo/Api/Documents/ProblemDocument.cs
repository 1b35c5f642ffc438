namespace OrleansMemory.Silo.Api.Documents;

/// <summary>An error, as RFC 9457 has it. Which further members there are depends on the code.</summary>
internal sealed record ProblemDocument
{
    /// <summary>urn:orleans-memory:problem: and the code.</summary>
    public required string Type { get; init; }

    /// <summary>What kind of error it is.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong, and what would be right.</summary>
    public required string Detail { get; init; }

    /// <summary>The stable code; decide by it.</summary>
    public required string Code { get; init; }

    /// <summary>
    /// With invalid-request, payload-too-large and json-too-deep: the part that is wrong, such as messages[2].role; with condition-failed
    /// the first that does not hold.
    /// </summary>
    public string? Parameter { get; init; }

    /// <summary>With malformed-json: the line of the fault, from 1.</summary>
    public long? Line { get; init; }

    /// <summary>With malformed-json: the byte of the fault in its line, from 1.</summary>
    public long? Column { get; init; }

    /// <summary>With version-conflict: the version that was expected.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>With version-conflict: the version that the conversation has.</summary>
    public long? ActualVersion { get; init; }

    /// <summary>With turn-conflict: the turn id.</summary>
    public string? TurnId { get; init; }

    /// <summary>With turn-conflict and turn-messages-dropped: the version that the turn of this id produced.</summary>
    public long? CommittedVersion { get; init; }

    /// <summary>With payload-too-large: the size.</summary>
    public long? Actual { get; init; }

    /// <summary>With json-too-deep: how many objects and arrays stand inside each other.</summary>
    public long? Depth { get; init; }

    /// <summary>With payload-too-large, json-too-deep and quota-exceeded: the limit.</summary>
    public long? Limit { get; init; }

    /// <summary>With payload-too-large: the unit of both.</summary>
    public string? Unit { get; init; }

    /// <summary>With quota-exceeded: maxConversations, maxBytes or maxMemories; the limit is what there may be at most.</summary>
    public string? Quota { get; init; }

    /// <summary>With quota-exceeded: how much there is, what is on its way included.</summary>
    public long? Used { get; init; }

    /// <summary>With quota-exceeded: how much more was asked for.</summary>
    public long? Wanted { get; init; }

    /// <summary>With overloaded and unavailable: how long to wait, as in the header Retry-After.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>
    /// What the request is found by in traces, and with internal-error in the log of the silo: as a rule its W3C trace context.
    /// </summary>
    public required string TraceId { get; init; }

    /// <summary>With internal-error, where the store failed: what the log of the silo that reached for it has the cause under.</summary>
    public string? FaultId { get; init; }
}
