using System.Globalization;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

/// <summary>What a page of a list could see, as <c>pg_current_snapshot()</c> writes it: <c>xmin:xmax:running,running</c>.</summary>
/// <param name="Next">The first transaction id that was not given yet.</param>
/// <param name="Running">The transactions that were running, in the 32 bits that rows have of them.</param>
internal sealed record SnapshotMark(long Next, long[] Running)
{
    private const long RowBits = uint.MaxValue;

    /// <summary>Reads a mark that came back from a caller.</summary>
    /// <exception cref="InvalidRequestException">No such store has written it.</exception>
    public static SnapshotMark Parse(string text)
    {
        string[] parts = text.Split(':');
        string[] running = parts.Length == 3 && parts[2].Length > 0 ? parts[2].Split(',') : [];
        return
            parts.Length == 3
            && TryParse(parts[0], out _)
            && TryParse(parts[1], out long next)
            && Array.TrueForAll(running, id => TryParse(id, out _))
            ? new SnapshotMark(next, Array.ConvertAll(running, id => long.Parse(id, CultureInfo.InvariantCulture) & RowBits))
            : throw new InvalidRequestException("cursor", "This cursor is not one of this store. Start the list again without a cursor.");
    }

    private static bool TryParse(string text, out long id) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
