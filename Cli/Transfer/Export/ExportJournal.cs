using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Cli.Terminal;

namespace OrleansMemory.Cli.Transfer.Export;

/// <summary>
/// Notes which parts of an export are whole, so that one that was interrupted goes on where it was: by Ctrl-C, by a kill, by a full disk or
/// a lost connection. The parts are in <c>FILE.omem-part</c>, the notes in <c>FILE.omem-journal</c>; a part is noted only after it has been
/// written, and what is behind the last note is cut off before the export goes on.
/// </summary>
internal sealed class ExportJournal : IAsyncDisposable
{
    private static readonly byte[] FirstBytes = "{\"unit\":"u8.ToArray();

    private readonly FileInfo _target;
    private readonly FileStream _journal;
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);

    private bool _isComplete;

    private ExportJournal(FileInfo target, FileStream journal, FileStream part)
    {
        _target = target;
        _journal = journal;
        Part = part;
    }

    /// <summary>What has been written so far; its end is the end of the last whole part.</summary>
    public FileStream Part { get; }

    /// <summary>Where the file will be.</summary>
    public string Target => _target.FullName;

    /// <summary>What is in the parts that are noted.</summary>
    public TransferCounts Counts { get; private set; } = new();

    /// <summary>The state that the last note left, or <see langword="null"/>.</summary>
    public string? State { get; private set; }

    /// <summary>Whether an earlier run has left parts.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>Whether there is a part that a later run need not fetch again.</summary>
    public bool IsWorthKeeping { get; private set; }

    /// <summary>Opens an export's files: new ones, or those that an earlier run of the same export left.</summary>
    /// <param name="target">The file that is to be there at the end.</param>
    /// <param name="export">Which export it is: what of, and of which silo.</param>
    /// <returns>The journal. No other run has it open.</returns>
    /// <exception cref="UsageException">The files are of another export, or another run has them open.</exception>
    public static async Task<ExportJournal> OpenAsync(FileInfo target, string export)
    {
        FileStream? journal = null;
        FileStream? part = null;
        try
        {
            journal = Open(JournalOf(target));
            part = Open(PartOf(target));
            var opened = new ExportJournal(target, journal, part);
            await opened.ReadAsync(export);
            return opened;
        }
        catch
        {
            if (part is not null)
                await part.DisposeAsync();
            if (journal is not null)
                await journal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a part is there already.</summary>
    public bool IsDone(string unit) => _done.Contains(unit);

    /// <summary>Notes that all that has been written to <see cref="Part"/> is whole.</summary>
    /// <param name="state">What a later run has to know besides.</param>
    public async Task NoteAsync(string unit, TransferCounts counts, string? state = null)
    {
        await Part.FlushAsync(CancellationToken.None);
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(new Note(unit, Part.Position, counts, state)), (byte)'\n'];
        await _journal.WriteAsync(line, CancellationToken.None);
        await _journal.FlushAsync(CancellationToken.None);
        Counts += counts;
        State = state ?? State;
        IsWorthKeeping |= counts != new TransferCounts();
    }

    /// <summary>Makes what has been written the file, and removes the notes.</summary>
    public async Task<long> CompleteAsync()
    {
        Part.Flush(flushToDisk: true);
        long bytes = Part.Length;
        await Part.DisposeAsync();
        File.Move(PartOf(_target), _target.FullName);
        await _journal.DisposeAsync();
        File.Delete(JournalOf(_target));
        _isComplete = true;
        return bytes;
    }

    /// <summary>Closes the files. Those of an export that has no whole part yet are removed.</summary>
    public async ValueTask DisposeAsync()
    {
        await Part.DisposeAsync();
        await _journal.DisposeAsync();
        if (!IsWorthKeeping && !_isComplete)
        {
            File.Delete(PartOf(_target));
            File.Delete(JournalOf(_target));
        }
    }

    private static string PartOf(FileInfo target) => target.FullName + ".omem-part";

    private static string JournalOf(FileInfo target) => target.FullName + ".omem-journal";

    // Not shared: two runs that write to the same file would spoil it. Without a buffer: what is written is the operating system's at once.
    private static FileStream Open(string path)
    {
        bool isThere = File.Exists(path);
        try
        {
            return new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 0,
                FileOptions.Asynchronous
            );
        }
        catch (IOException) when (isThere)
        {
            throw new UsageException($"{path} cannot be opened: is another omem exporting to the same file?");
        }
    }

    private async Task ReadAsync(string export)
    {
        byte[] written = new byte[_journal.Length];
        await _journal.ReadExactlyAsync(written);
        (List<Note> notes, int end) = ReadNotes(written, Part.Length);
        bool isFirst = notes.Count == 0 && Part.Length == 0 && (written.Length == 0 || written.AsSpan().StartsWith(FirstBytes));
        if (!isFirst && (notes.Count == 0 || notes[0].Unit != export))
        {
            string other = notes.Count == 0 ? "is not an export's" : $"is of another export ({PlainText.Of(notes[0].Unit)})";
            throw new UsageException($"{PartOf(_target)} {other}: remove it and {JournalOf(_target)}, or export to another file.");
        }

        foreach (Note note in notes)
        {
            _done.Add(note.Unit);
            Counts += note.Counts;
            State = note.State ?? State;
        }

        _journal.SetLength(end);
        _journal.Seek(end, SeekOrigin.Begin);
        Part.SetLength(isFirst ? 0 : notes[^1].End);
        Part.Seek(0, SeekOrigin.End);
        IsWorthKeeping = IsResumed = notes.Any(static note => note.Counts != new TransferCounts());
        if (isFirst)
        {
            await NoteAsync(export, new TransferCounts());
        }
    }

    // The last note may have been cut while it was written; one whose part the disk has lost is worth nothing. What follows either is cut
    // off with it.
    private static (List<Note> Notes, int End) ReadNotes(ReadOnlySpan<byte> written, long partLength)
    {
        var notes = new List<Note>();
        int end = 0;
        for (int length = written.IndexOf((byte)'\n'); length >= 0; length = written[end..].IndexOf((byte)'\n'))
        {
            if (Parse(written.Slice(end, length)) is not { } note || note.End > partLength)
            {
                break;
            }

            notes.Add(note);
            end += length + 1;
        }

        return (notes, end);
    }

    private static Note? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<Note>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A line of the journal.</summary>
    /// <param name="Unit">Which part it notes; in the first line, which export the files are of.</param>
    /// <param name="End">Where the part ends.</param>
    /// <param name="State">What a later run has to know besides.</param>
    private sealed record Note(
        [property: JsonPropertyName("unit"), JsonRequired] string Unit,
        [property: JsonPropertyName("end"), JsonRequired] long End,
        [property: JsonPropertyName("counts"), JsonRequired] TransferCounts Counts,
        [property: JsonPropertyName("state")] string? State
    );
}
