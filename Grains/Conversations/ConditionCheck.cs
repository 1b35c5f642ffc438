using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Decides conditions. No Orleans, no I/O, no clock.</summary>
internal static class ConditionCheck
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = JsonRules.MaxDepth };

    /// <summary>The ids that a turn wants no message to have.</summary>
    /// <returns>The ids, each once.</returns>
    public static string[] AbsentIds(Turn turn) =>
        turn.Conditions.IsEmpty
            ? []
            :
            [
                .. turn
                    .Conditions.Where(condition => condition.Kind == TurnConditionKind.MessageAbsent)
                    .Select(condition => condition.MessageId!)
                    .Distinct(StringComparer.Ordinal),
            ];

    /// <summary>Finds the conditions that do not hold of the tip.</summary>
    /// <param name="older">Those of the ids that no message may have which the part of the log has that is not in memory.</param>
    /// <param name="now">The instant.</param>
    /// <returns>Their places, from 0, ascending; empty when all hold.</returns>
    public static ImmutableArray<int> Failed(LoadedConversation loaded, Turn turn, HashSet<string> older, DateTimeOffset now)
    {
        ImmutableArray<TurnCondition> conditions = turn.Conditions;
        if (conditions.IsEmpty)
        {
            return [];
        }

        return [.. Enumerable.Range(0, conditions.Length).Where(i => !Holds(loaded, conditions[i], older, now))];
    }

    private static bool Holds(LoadedConversation loaded, TurnCondition condition, HashSet<string> older, DateTimeOffset now)
    {
        if (condition.Kind == TurnConditionKind.MessageAbsent)
        {
            return !older.Contains(condition.MessageId!) && !loaded.Holds(condition.MessageId!);
        }

        Entry? entry = loaded.Tip.Entries.GetValueOrDefault(new EntryName(condition.Space!, condition.Key!));
        bool isThere = entry is not null && !(entry.ExpiresAt <= now);
        return condition.Kind switch
        {
            TurnConditionKind.EntryExists => isThere,
            TurnConditionKind.EntryAbsent => !isThere,
            _ => isThere && IsSame(entry!.Value, condition.Value!),
        };
    }

    /// <summary>Whether two JSON texts mean the same.</summary>
    private static bool IsSame(string stored, string wanted)
    {
        if (string.Equals(stored, wanted, StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            using JsonDocument left = JsonDocument.Parse(stored, Deep);
            using JsonDocument right = JsonDocument.Parse(wanted, Deep);
            return JsonElement.DeepEquals(left.RootElement, right.RootElement);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json makes no string of an unpaired surrogate; such values are the same only where their texts are.
            return false;
        }
    }
}
