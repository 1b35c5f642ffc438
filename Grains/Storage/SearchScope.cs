using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage;

/// <summary>A log that is searched.</summary>
/// <param name="StoreId">The conversation's life.</param>
/// <param name="CreatedAt">When that life began.</param>
/// <param name="Segments">Whose rows make up the log, from its first to its last sequence.</param>
internal sealed record SearchedLog(ConversationKey Key, long StoreId, DateTimeOffset CreatedAt, ImmutableArray<LogSegment> Segments);

/// <summary>Rows that are searched, and the conversation they are found in.</summary>
internal readonly record struct SearchRange(ConversationKey Key, LogSegment Rows);

/// <summary>Divides rows among the logs that share them, so that each row is searched once and found in one conversation.</summary>
internal static class SearchScope
{
    /// <summary>Divides the rows of some logs: a row goes to the log of the life that holds it, else to that of the oldest fork.</summary>
    /// <returns>Ranges of which no two overlap.</returns>
    public static List<SearchRange> Divide(IEnumerable<SearchedLog> logs)
    {
        var ranges = new List<SearchRange>();
        var shares = logs.SelectMany(log => log.Segments.Select(segment => (Log: log, Segment: segment)))
            .GroupBy(share => share.Segment.StoreId);
        foreach (var held in shares)
        {
            List<LogSegment> taken = [];
            foreach (
                (SearchedLog log, LogSegment segment) in held.OrderBy(share => share.Log.StoreId == held.Key ? 0 : 1)
                    .ThenBy(share => share.Log.CreatedAt)
                    .ThenBy(share => share.Log.StoreId)
            )
            {
                List<LogSegment> left = taken.Aggregate(new List<LogSegment> { segment }, Without);
                ranges.AddRange(left.Select(rows => new SearchRange(log.Key, rows)));
                taken.AddRange(left);
            }
        }

        return ranges;
    }

    private static List<LogSegment> Without(List<LogSegment> rows, LogSegment taken)
    {
        var left = new List<LogSegment>(rows.Count + 1);
        foreach (LogSegment part in rows)
        {
            LogSegment[] around =
            [
                part with
                {
                    Last = Math.Min(part.Last, taken.First - 1),
                },
                part with
                {
                    First = Math.Max(part.First, taken.Last + 1),
                },
            ];
            bool apart = taken.Last < part.First || taken.First > part.Last;
            left.AddRange(apart ? [part] : around.Where(piece => piece.First <= piece.Last));
        }

        return left;
    }
}
