using System.Net;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Transfer.Import;

/// <summary>Gathers what an import comes to. Several threads may tell it.</summary>
internal sealed class ImportTally
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _notes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, ImportFailure> _failures = [];
    private TransferCounts _read = new();
    private TransferCounts _imported = new();
    private long _continued;
    private long _unchanged;

    /// <summary>Whether anything was read.</summary>
    public bool HasRead
    {
        get
        {
            lock (_lock)
                return _read != new TransferCounts() || _failures.Count > 0;
        }
    }

    /// <summary>Something was read.</summary>
    public void Read(TransferCounts counts)
    {
        lock (_lock)
            _read += counts;
    }

    /// <summary>Something is new in the silo.</summary>
    public void Imported(TransferCounts counts)
    {
        lock (_lock)
            _imported += counts;
    }

    /// <summary>A conversation got messages that it did not have.</summary>
    public void Continued(long messages)
    {
        lock (_lock)
        {
            _continued++;
            _imported += new TransferCounts(Messages: messages);
        }
    }

    /// <summary>A conversation was there.</summary>
    public void Unchanged()
    {
        lock (_lock)
            _unchanged++;
    }

    /// <summary>Something is not in the silo as it was in the file.</summary>
    public void Note(string what, long count = 1)
    {
        lock (_lock)
        {
            if (count > 0)
            {
                _notes[what] = _notes.GetValueOrDefault(what) + count;
            }
        }
    }

    /// <summary>Something was not imported.</summary>
    /// <param name="order">Its place in the file.</param>
    /// <param name="where">The same in words.</param>
    public void Fail(long order, string where, string why)
    {
        lock (_lock)
            _failures[order] = new ImportFailure(where, why);
    }

    /// <summary>Whether a refusal is of one conversation only, and the others may be accepted.</summary>
    public static bool IsOfOne(MemoryHttpException refusal) =>
        (HttpStatusCode)refusal.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.RequestEntityTooLarge;

    /// <summary>Says why something was refused.</summary>
    public static string Why(MemoryHttpException refusal) =>
        refusal is MemoryHttpException<ProblemDocument> { Result: { } problem }
            ? $"{problem.Detail} ({problem.Code})"
            : $"The silo answered {refusal.StatusCode}.";

    /// <summary>The report of all that.</summary>
    public ImportReport Report(string file, string format)
    {
        lock (_lock)
        {
            return new ImportReport(
                file,
                format,
                _read,
                _imported,
                _continued,
                _unchanged,
                [.. _notes.Select(static note => new ImportNote(note.Key, note.Value))],
                [.. _failures.Values]
            );
        }
    }
}
