using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>What a decided turn adds to what its tenant uses.</summary>
internal static class TurnGrowth
{
    /// <summary>Compares the states before and after a turn. Truncated messages count as bytes until they are removed.</summary>
    /// <param name="before">The state upon which it was decided.</param>
    /// <returns>The growth.</returns>
    public static UsageAmount Of(ConversationState before, DecidedTurn decided)
    {
        long bytes = 0;
        foreach (MessageRow row in decided.Commit.Messages)
        {
            bytes += row.Bytes;
        }

        return new UsageAmount(
            Conversations: before.Head is null ? 1 : 0,
            Messages: Shown(decided.After) - Shown(before),
            Bytes: bytes + decided.After.EntryBytes - before.EntryBytes,
            Turns: 1,
            Appended: decided.Commit.Messages.Length,
            AppendedBytes: bytes
        );
    }

    private static long Shown(ConversationState state) => state.LastSequence - state.FirstSequence + 1;
}
