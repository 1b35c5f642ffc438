using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams.Log;

/// <summary>
/// A list of turns, by their sequences in the log: an open end of few runs, and before it sealed chunks that are never rewritten. So a list
/// that grows by a turn costs the same at any length.
/// </summary>
internal sealed class TurnRanges(ChunkTable chunks)
{
    private const string LastField = "sealed";
    private const int MaxOpenRuns = 64;

    private readonly List<Run> _open = [];

    /// <summary>The last sealed chunk; <see langword="null"/> when there is none.</summary>
    public long? LastChunk { get; private set; }

    /// <summary>The newest sequence; 0 when the list is empty.</summary>
    public long Last => Newest(1) is [{ } run] ? run.Last : 0;

    /// <summary>Adds a turn.</summary>
    /// <param name="sequence">Its sequence, greater than all in the list.</param>
    public void Add(long sequence) => Add(new Run(sequence, sequence));

    /// <summary>Adds all turns of another list, which are newer than those of this one.</summary>
    /// <param name="other">The other list; it is not used any more.</param>
    public void Append(TurnRanges other)
    {
        if (other.LastChunk is not null)
        {
            Seal();
            LastChunk = LastChunk is null ? other.LastChunk : chunks.Add(new Chunk(LastChunk, [], other.LastChunk));
        }

        foreach (Run run in other._open)
        {
            Add(run);
        }
    }

    /// <summary>The newest runs, from the newest on.</summary>
    /// <param name="atMost">How many turns are needed; the last run is cut to it.</param>
    /// <returns>The runs, descending.</returns>
    public List<Run> Newest(long atMost)
    {
        var newest = new List<Run>();
        foreach (Run run in Backward())
        {
            if (atMost <= 0)
            {
                break;
            }

            newest.Add(run.Length <= atMost ? run : run with { First = run.Last - atMost + 1 });
            atMost -= run.Length;
        }

        return newest;
    }

    /// <summary>The oldest sequence.</summary>
    /// <returns>The sequence; <see langword="null"/> when the list is empty.</returns>
    public long? First() => Backward().Select(run => (long?)run.First).LastOrDefault();

    /// <summary>Forgets turns beyond a sequence: those of a log that was forked before them.</summary>
    /// <param name="last">The newest sequence of the log.</param>
    public void Clip(long last)
    {
        if (Last <= last)
        {
            return;
        }

        List<Run> kept =
        [
            .. Backward().Where(run => run.First <= last).Select(run => run with { Last = Math.Min(run.Last, last) }).Reverse(),
        ];
        LastChunk = null;
        _open.Clear();
        kept.ForEach(Add);
    }

    /// <summary>Moves the turns at the open end; the table moves the sealed ones.</summary>
    /// <param name="offset">How far.</param>
    public void Move(long offset)
    {
        for (int i = 0; i < _open.Count; i++)
        {
            _open[i] = _open[i].Moved(offset);
        }
    }

    /// <summary>Writes the list's fields into an open object.</summary>
    public void WriteFields(Utf8JsonWriter writer)
    {
        if (LastChunk is { } last)
        {
            writer.WriteNumber(LastField, last);
        }

        RunsJson.Write(writer, _open);
    }

    /// <summary>The fields that <see cref="WriteFields"/> writes.</summary>
    public static IReadOnlyList<string> Fields { get; } = [LastField, RunsJson.Field];

    /// <summary>Reads a list.</summary>
    /// <param name="parent">What has its fields.</param>
    /// <param name="chunks">Where sealed chunks are.</param>
    /// <exception cref="InvalidRequestException">The fields are no list.</exception>
    public static TurnRanges Read(StrictObject parent, ChunkTable chunks)
    {
        var ranges = new TurnRanges(chunks) { LastChunk = parent.Integer(LastField) };
        ranges._open.AddRange(RunsJson.Read(parent));
        return ranges;
    }

    private IEnumerable<Run> Backward() =>
        Enumerable.Reverse(_open).Concat(chunks.Backward(LastChunk).SelectMany(chunk => chunk.Chunk.Runs.Reverse()));

    private void Add(Run run)
    {
        if (_open.Count > 0 && _open[^1].Last + 1 == run.First)
        {
            _open[^1] = _open[^1] with { Last = run.Last };
            return;
        }

        if (_open.Count == MaxOpenRuns)
        {
            Seal();
        }

        _open.Add(run);
    }

    private void Seal()
    {
        if (_open.Count > 0)
        {
            LastChunk = chunks.Add(new Chunk(LastChunk, [.. _open], null));
            _open.Clear();
        }
    }
}
