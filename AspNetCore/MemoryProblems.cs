using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;

namespace OrleansMemory.AspNetCore;

/// <summary>Says which problem an exception of the conversation memory is.</summary>
internal static class MemoryProblems
{
    /// <summary>The problem of an exception.</summary>
    /// <returns>The problem; <see langword="null"/> when it is none that we know.</returns>
    public static Problem? Find(Exception failure) =>
        failure switch
        {
            InvalidRequestException invalid => Make(
                400,
                "invalid-request",
                "The request is not valid",
                invalid,
                ("parameter", invalid.Parameter)
            ),
            MalformedJsonException malformed => Make(
                400,
                "malformed-json",
                "The body is not valid JSON",
                malformed,
                ("line", malformed.Line),
                ("column", malformed.Column)
            ),
            JsonTooDeepException deep => Make(
                400,
                "json-too-deep",
                "The JSON is nested too deep",
                deep,
                ("parameter", deep.Parameter),
                ("depth", (long)deep.Depth),
                ("limit", (long)deep.Limit)
            ),
            UnserializableValueException bad => Make(400, "invalid-request", "The request is not valid", bad, ("parameter", bad.Path)),
            UserNotAllowedException refused => Make(403, "user-not-allowed", "This is not the caller's", refused),
            ConversationNotFoundException missing => Make(404, "conversation-not-found", "There is no such conversation", missing),
            ImportNotFoundException missing => Make(404, "import-not-found", "There is no such import", missing),
            MemoryNotFoundException missing => Make(404, "memory-not-found", "There is no such memory", missing),
            MemoryChangedException conflict => Make(
                409,
                "memory-changed",
                "The memory has changed",
                conflict,
                ("expectedVersion", conflict.ExpectedVersion),
                ("actualVersion", conflict.ActualVersion)
            ),
            RecordConflictException conflict => Make(409, "record-conflict", "The key was used before", conflict, ("key", conflict.Key)),
            VersionConflictException conflict => Make(
                409,
                "version-conflict",
                "The conversation has moved on",
                conflict,
                ("expectedVersion", conflict.ExpectedVersion),
                ("actualVersion", conflict.ActualVersion)
            ),
            ConditionFailedException failed => Make(
                412,
                "condition-failed",
                "A condition of the turn does not hold",
                failed,
                ("parameter", FormattableString.Invariant($"conditions[{failed.Failed[0]}]"))
            ),
            TurnConflictException conflict => Make(
                409,
                "turn-conflict",
                "The turn id was used before",
                conflict,
                ("turnId", conflict.TurnId),
                ("committedVersion", conflict.CommittedVersion)
            ),
            ConversationExistsException exists => Make(409, "conversation-exists", "The conversation exists already", exists),
            ConversationChangedException changed => Make(
                409,
                "conversation-changed",
                "The conversation changed meanwhile",
                changed,
                ("missingSequence", changed.MissingSequence)
            ),
            GoneException gone => Make(410, "gone", "What was sent has been deleted or erased", gone, ("id", gone.Id)),
            TurnMessagesDroppedException dropped => Make(
                410,
                "turn-messages-dropped",
                "The turn's messages have been dropped",
                dropped,
                ("committedVersion", dropped.CommittedVersion)
            ),
            RunNotReplayableException dropped => Make(
                410,
                "turn-messages-dropped",
                "The run's messages have been dropped",
                dropped,
                ("committedVersion", dropped.CommittedVersion)
            ),
            UnreadableMessageException unreadable => Make(
                409,
                "unreadable-message",
                "A stored message cannot be read",
                unreadable,
                ("sequence", unreadable.Sequence)
            ),
            WindowTooSmallException small => Make(409, "window-too-small", "The system messages do not fit into the window", small),
            UnreadableValueException unreadable => Make(409, "unreadable-value", "The stored value is of another kind", unreadable),
            PayloadTooLargeException large => Make(
                413,
                "payload-too-large",
                "Something is too large",
                large,
                ("parameter", large.Parameter),
                ("actual", large.Actual),
                ("limit", large.Limit),
                ("unit", large.Unit)
            ),
            QuotaExceededException exceeded => Make(
                429,
                "quota-exceeded",
                "The tenant's quota is used up",
                exceeded,
                ("quota", exceeded.Quota),
                ("limit", exceeded.Limit),
                ("used", exceeded.Used),
                ("wanted", exceeded.Wanted)
            ),
            MemoryOverloadedException overloaded => Make(429, "overloaded", "Too many turns wait to be written", overloaded) with
            {
                RetryAfter = overloaded.RetryAfter,
            },
            MemoryUnavailableException unavailable => Make(
                503,
                "unavailable",
                unavailable.InnerException is null ? "The store cannot be used now" : "The conversation did not answer in time",
                unavailable
            ) with
            {
                RetryAfter = unavailable.RetryAfter,
            },
            _ => null,
        };

    private static Problem Make(
        int status,
        string code,
        string title,
        MemoryException failure,
        params (string Name, object? Value)[] members
    ) => new(status, code, title, failure.Message) { Members = members };
}
