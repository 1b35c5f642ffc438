using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage;

/// <summary>What a store holds of a conversation, as of one version.</summary>
/// <param name="StoreId">The id of its current life, or one reserved for its first.</param>
/// <param name="Head">Its head; <see langword="null"/> when the key is unknown.</param>
/// <param name="Entries">All entries, expired ones included, ordered by space and key, ordinally.</param>
/// <param name="Tail">The newest messages, ascending and without gaps up to the head's last sequence.</param>
/// <param name="Lineage">Where older messages are read.</param>
/// <param name="HasGoneTurns">
/// Whether turns of this key were deleted or erased within the window of turn ids: <see cref="IConversationStore.IsGoneAsync"/> tells
/// which.
/// </param>
internal sealed record StoredConversation(
    long StoreId,
    Head? Head,
    ImmutableArray<Entry> Entries,
    ImmutableArray<Message> Tail,
    Lineage Lineage,
    bool HasGoneTurns = false
);

/// <summary>How much of the log's end to hold in memory. At least the newest message is held, whatever its size.</summary>
/// <param name="Messages">The most messages.</param>
/// <param name="Bytes">The most bytes of contents and metadata, in UTF-8.</param>
internal readonly record struct TailBounds(int Messages, long Bytes);

/// <summary>The part of a log that one life holds itself.</summary>
/// <param name="StoreId">Whose rows.</param>
/// <param name="First">The first sequence to read there.</param>
/// <param name="Last">The last sequence to read there.</param>
internal readonly record struct LogSegment(long StoreId, long First, long Last);

/// <summary>Which lives' rows make up a log, oldest first; the last segment is the conversation's own and open-ended.</summary>
internal sealed record Lineage(string Tenant, ImmutableArray<LogSegment> Segments)
{
    /// <summary>The lineage of a conversation that is no fork.</summary>
    /// <returns>One open segment.</returns>
    public static Lineage Own(string tenant, long storeId) => new(tenant, [new LogSegment(storeId, 1, long.MaxValue)]);

    /// <summary>The segments that a range of sequences touches, cut to it, in reading order.</summary>
    /// <param name="first">The first sequence.</param>
    /// <param name="last">The last sequence.</param>
    /// <returns>The segments to read, one after the other.</returns>
    public IEnumerable<LogSegment> Within(long first, long last, MessageOrder order)
    {
        for (int i = 0; i < Segments.Length; i++)
        {
            LogSegment segment = Segments[order == MessageOrder.Ascending ? i : Segments.Length - 1 - i];
            long low = Math.Max(segment.First, first);
            long high = Math.Min(segment.Last, last);
            if (low <= high)
            {
                yield return segment with
                {
                    First = low,
                    Last = high,
                };
            }
        }
    }
}

/// <summary>Which messages to read.</summary>
/// <param name="First">The smallest sequence.</param>
/// <param name="Last">The greatest sequence.</param>
/// <param name="Role">Only this role; <see langword="null"/> for every role.</param>
/// <param name="Limit">The most messages.</param>
/// <param name="MaxBytes">The most bytes of contents and metadata; the first message is returned whatever its size.</param>
internal readonly record struct MessageScan(long First, long Last, string? Role, MessageOrder Order, int Limit, long MaxBytes);
