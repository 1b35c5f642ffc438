using System.Collections.Immutable;
using Npgsql;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

/// <summary>
/// Puts the history of a memory together from what it says now and what it said before each change: nothing is written down when a memory
/// is recorded, and a text is kept once.
/// </summary>
internal static class FactHistory
{
    private const int FirstEventColumn = 4;

    /// <summary>Reads what <c>read_memory_history.sql</c> gives.</summary>
    /// <param name="reader">The rows, the newest event first.</param>
    /// <param name="limit">The most events.</param>
    /// <returns>The events, the oldest first.</returns>
    public static async Task<ImmutableArray<MemoryEvent>> ReadAsync(NpgsqlDataReader reader, int limit, CancellationToken cancellationToken)
    {
        var newestFirst = new List<MemoryEvent>();
        string? says = null;
        MemoryEvent? added = null;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            says ??= FactRows.TextOrNull(reader, 3);
            if (!reader.IsDBNull(FirstEventColumn))
            {
                MemoryEvent read = Read(reader, says!);
                newestFirst.Add(read);
                says = read.PreviousText;
            }

            added = new MemoryEvent
            {
                Version = 1,
                Kind = MemoryEventKind.Added,
                Text = says,
                At = reader.GetFieldValue<DateTimeOffset>(0),
                ByExtractor = reader.GetBoolean(1),
            };
        }

        if (added is not null && newestFirst.Count < limit)
        {
            newestFirst.Add(added);
        }

        newestFirst.Reverse();
        return [.. newestFirst];
    }

    /// <summary>Reads an event of which it is known what the memory said after it, or before it when it was retired.</summary>
    private static MemoryEvent Read(NpgsqlDataReader reader, string says)
    {
        var kind = (MemoryEventKind)reader.GetInt16(FirstEventColumn + 1);
        return new MemoryEvent
        {
            Version = reader.GetInt64(FirstEventColumn),
            Kind = kind,
            PreviousText = FactRows.TextOrNull(reader, FirstEventColumn + 2) ?? says,
            Text = kind == MemoryEventKind.Retired ? null : says,
            At = reader.GetFieldValue<DateTimeOffset>(FirstEventColumn + 3),
            ByExtractor = reader.GetBoolean(FirstEventColumn + 4),
        };
    }
}
