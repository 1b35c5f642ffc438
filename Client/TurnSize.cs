using System.Collections.Immutable;
using System.Text;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

/// <summary>How much of a turn's limits something takes, as a silo counts it.</summary>
internal static class TurnSize
{
    /// <summary>The bytes of a message.</summary>
    /// <returns>Its contents and metadata, in UTF-8.</returns>
    public static long BytesOf(NewMessage message) =>
        Encoding.UTF8.GetByteCount(message.Contents) + (message.Metadata is { } metadata ? Encoding.UTF8.GetByteCount(metadata) : 0L);

    /// <summary>Whether messages and entries fit one turn.</summary>
    public static bool Fits(Turn turn, TurnLimits limits) =>
        turn.Messages.Length <= limits.MaxTurnMessages && turn.Messages.Sum(BytesOf) + turn.EntryWrites.Sum(BytesOf) <= limits.MaxTurnBytes;

    /// <summary>Refuses messages and entries that no turn may hold, however few there are of them in it.</summary>
    /// <param name="entries">The entries, which stand in one turn.</param>
    /// <exception cref="PayloadTooLargeException">A message or an entry is too large, or the entries are too many.</exception>
    public static void Require(ImmutableArray<NewMessage> messages, ImmutableArray<EntryWrite> entries, TurnLimits limits)
    {
        for (int i = 0; i < messages.Length; i++)
        {
            Require(FormattableString.Invariant($"messages[{i}]"), BytesOf(messages[i]), limits.MaxMessageBytes);
        }

        for (int i = 0; i < entries.Length; i++)
        {
            Require(FormattableString.Invariant($"entries[{i}]"), BytesOf(entries[i]), limits.MaxEntryBytes);
        }

        Require("entries", entries.Sum(BytesOf), Math.Min(limits.MaxTurnBytes, limits.MaxEntriesBytes ?? int.MaxValue));
        Require("entries", entries.Length, limits.MaxEntries ?? int.MaxValue, "entries");
    }

    /// <summary>Divides messages into parts that fit a turn each, and are no larger than a turn needs to be.</summary>
    /// <returns>The parts, in order.</returns>
    public static IEnumerable<ImmutableArray<NewMessage>> Parts(ImmutableArray<NewMessage> messages, TurnLimits limits)
    {
        int mostMessages = Math.Min(limits.MaxTurnMessages, MaxPartMessages);
        int mostBytes = Math.Min(limits.MaxTurnBytes, MaxPartBytes);
        int first = 0;
        long bytes = 0;
        for (int i = 0; i < messages.Length; i++)
        {
            long size = BytesOf(messages[i]);
            if (i > first && (i - first == mostMessages || bytes + size > mostBytes))
            {
                yield return messages[first..i];
                (first, bytes) = (i, 0);
            }

            bytes += size;
        }

        if (first < messages.Length)
        {
            yield return messages[first..];
        }
    }

    // A part keeps other turns of its conversation and of its batch waiting for as long as it takes to be written.
    private const int MaxPartMessages = 2_000;
    private const int MaxPartBytes = 2 * 1024 * 1024;

    private static long BytesOf(EntryWrite write) => Encoding.UTF8.GetByteCount(write.Value);

    private static void Require(string what, long size, long limit, string unit = "bytes")
    {
        if (size > limit)
        {
            throw new PayloadTooLargeException(what, size, limit, unit);
        }
    }
}
