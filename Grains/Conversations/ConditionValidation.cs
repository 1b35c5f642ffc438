using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Refuses conditions that say nothing that could be decided.</summary>
/// <param name="options">The limits.</param>
internal sealed class ConditionValidation(ConversationOptions options)
{
    /// <summary>Checks the conditions of a turn.</summary>
    /// <returns>The bytes of the values that they name, in UTF-8.</returns>
    /// <exception cref="InvalidRequestException">A part is missing, too much, or not valid.</exception>
    /// <exception cref="PayloadTooLargeException">There are too many, or a value is too large.</exception>
    public long Check(ImmutableArray<TurnCondition> conditions)
    {
        long most = (long)options.MaxTurnMessages + options.MaxEntries;
        if (conditions.Length > most)
        {
            throw new PayloadTooLargeException("conditions", conditions.Length, most, "conditions");
        }

        long bytes = 0;
        for (int i = 0; i < conditions.Length; i++)
        {
            bytes += Check(conditions[i], i);
        }

        return bytes;
    }

    private int Check(TurnCondition condition, int index)
    {
        string path = FormattableString.Invariant($"conditions[{index}]");
        if (condition is null)
        {
            throw new InvalidRequestException(path, $"{path} is null.");
        }

        if (condition.Kind is < TurnConditionKind.EntryExists or > TurnConditionKind.MessageAbsent)
        {
            throw new InvalidRequestException($"{path}.kind", $"{path}.kind is not known.");
        }

        bool isOfMessage = condition.Kind == TurnConditionKind.MessageAbsent;
        Refuse(condition.Space, isOfMessage, $"{path}.space");
        Refuse(condition.Key, isOfMessage, $"{path}.key");
        Refuse(condition.Value, condition.Kind != TurnConditionKind.EntryHasValue, $"{path}.value");
        Refuse(condition.MessageId, !isOfMessage, $"{path}.messageId");
        if (isOfMessage)
        {
            TextRules.Require(condition.MessageId!, $"{path}.messageId", TextRules.MaxNameBytes);
            return 0;
        }

        TextRules.Require(condition.Space!, $"{path}.space", TextRules.MaxNameBytes);
        TextRules.Require(condition.Key!, $"{path}.key", TextRules.MaxKeyBytes);
        return condition.Kind == TurnConditionKind.EntryHasValue
            ? JsonRules.Check(condition.Value, $"{path}.value", JsonTokenType.None, options.MaxEntryBytes)
            : 0;
    }

    private static void Refuse(string? part, bool mustBeAbsent, string path)
    {
        if (mustBeAbsent && part is not null)
        {
            throw new InvalidRequestException(path, $"{path} must be absent: the condition's kind has no use for it.");
        }
    }
}
