using System.Collections.Immutable;
using System.Globalization;

namespace OrleansMemory.Client.Compatibility.AutoGrams.Log;

/// <summary>The sealed chunks of a program's lists of turns, by their ids: one entry each.</summary>
internal sealed class ChunkTable
{
    /// <summary>What the key of every chunk's entry starts with.</summary>
    public const string KeyPrefix = "turns.";

    // A list that was forgotten may have many chunks: they go over several turns, so that no single one pays for all.
    private const int MaxDeletesPerTurn = 16;

    private readonly SortedDictionary<long, (Chunk Chunk, bool Stored)> _chunks = [];
    private long _next = 1;

    /// <summary>The oldest sequence of the log. Chunks whose turns are all older are no part of any list any more.</summary>
    public long FirstSequence { get; set; } = 1;

    /// <summary>The key of a chunk's entry.</summary>
    public static string KeyOf(long id) => KeyPrefix + id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds a new chunk.</summary>
    public long Add(Chunk chunk)
    {
        long id = _next++;
        _chunks[id] = (chunk, false);
        return id;
    }

    /// <summary>Adds a chunk that is stored.</summary>
    public void Load(long id, Chunk chunk)
    {
        _chunks[id] = (chunk, true);
        _next = Math.Max(_next, id + 1);
    }

    /// <summary>Moves all turns, none of which is stored.</summary>
    /// <param name="offset">How far.</param>
    public void Move(long offset)
    {
        foreach ((long id, (Chunk chunk, _)) in _chunks.ToArray())
        {
            _chunks[id] = (chunk with { Runs = [.. chunk.Runs.Select(run => run.Moved(offset))] }, false);
        }
    }

    /// <summary>Goes through a list from its end.</summary>
    /// <param name="last">The last chunk of the list; <see langword="null"/> for none.</param>
    /// <returns>The chunks of runs, the newest first. Where one is missing, that part of the list ends.</returns>
    public IEnumerable<(long Id, Chunk Chunk)> Backward(long? last)
    {
        // A list that names itself would have no end.
        var seen = new HashSet<long>();
        var open = new Stack<long?>([last]);
        while (open.TryPop(out long? next))
        {
            if (next is not { } id || !_chunks.TryGetValue(id, out (Chunk Chunk, bool Stored) found) || !seen.Add(id))
            {
                continue;
            }

            if (found.Chunk.Runs is [.., { } newest] && newest.Last < FirstSequence)
            {
                yield break;
            }

            open.Push(found.Chunk.Previous);
            if (found.Chunk.List is { } list)
            {
                open.Push(list);
            }

            yield return (id, found.Chunk);
        }
    }

    /// <summary>What a commit has to do so that the store holds the chunks that are still part of a list.</summary>
    /// <param name="lists">The last chunks of all lists.</param>
    /// <returns>The chunks to write and those to remove.</returns>
    public ChunkChanges Changes(IEnumerable<long?> lists)
    {
        HashSet<long> live = [.. lists.SelectMany(Backward).Select(chunk => chunk.Id)];
        return new ChunkChanges(
            [.. _chunks.Where(pair => !pair.Value.Stored && live.Contains(pair.Key)).Select(pair => (pair.Key, pair.Value.Chunk))],
            [.. _chunks.Where(pair => pair.Value.Stored && !live.Contains(pair.Key)).Select(pair => pair.Key).Take(MaxDeletesPerTurn)]
        );
    }

    /// <summary>Notes that changes are stored.</summary>
    public void Apply(ChunkChanges changes)
    {
        foreach ((long id, Chunk chunk) in changes.Writes)
        {
            _chunks[id] = (chunk, true);
        }

        foreach (long id in changes.Deletes)
        {
            _chunks.Remove(id);
        }
    }
}

/// <summary>Chunks to write and to remove.</summary>
/// <param name="Writes">New ones.</param>
/// <param name="Deletes">Those that are part of no list any more.</param>
internal sealed record ChunkChanges(ImmutableArray<(long Id, Chunk Chunk)> Writes, ImmutableArray<long> Deletes);
