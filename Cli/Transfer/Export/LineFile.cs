namespace OrleansMemory.Cli.Transfer.Export;

/// <summary>A file of lines that several writers write at a time, each its own part, one part after the other.</summary>
/// <param name="destination">Where they go.</param>
/// <param name="journal">Notes parts that are whole; <see langword="null"/> where nothing is taken up again.</param>
internal sealed class LineFile(Stream destination, ExportJournal? journal) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isBroken;

    /// <summary>What is in the file.</summary>
    public TransferCounts Counts { get; private set; } = journal?.Counts ?? new();

    /// <summary>Whether a part is there already.</summary>
    public bool IsDone(string unit) => journal?.IsDone(unit) ?? false;

    /// <summary>Writes a part.</summary>
    /// <param name="write">Writes its lines, and says what they hold; <see langword="null"/> when there is nothing to be written.</param>
    /// <param name="cancellationToken">Ends the wait for other writers.</param>
    /// <returns>What it holds.</returns>
    public async Task<TransferCounts> WriteAsync(
        string unit,
        Func<PartWriter, Task<TransferCounts?>> write,
        CancellationToken cancellationToken
    )
    {
        using var part = new PartWriter(WriteAsync, _turn);
        TransferCounts counts;
        try
        {
            counts = await write(part) ?? new TransferCounts();
        }
        catch
        {
            await part.DropAsync();
            throw;
        }

        await part.FlushAsync(cancellationToken);
        await NoteAsync(unit, counts, null);
        return counts;
    }

    /// <summary>Writes lines that no other writer competes with.</summary>
    public async Task WriteAsync(string unit, TransferCounts counts, string? state, byte[][] lines)
    {
        foreach (byte[] line in lines)
        {
            await WriteAsync(line);
        }

        await NoteAsync(unit, counts, state);
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private Task WriteAsync(ReadOnlyMemory<byte> bytes) => DoAsync(() => destination.WriteAsync(bytes, CancellationToken.None).AsTask());

    private async Task NoteAsync(string unit, TransferCounts counts, string? state)
    {
        if (journal is not null)
        {
            await DoAsync(() => journal.NoteAsync(unit, counts, state));
        }

        Counts += counts;
    }

    // A write that failed may have left half a line: nothing may be written and noted behind it.
    private async Task DoAsync(Func<Task> write)
    {
        if (_isBroken)
        {
            throw new IOException("An earlier part could not be written.");
        }

        _isBroken = true;
        await write();
        _isBroken = false;
    }
}
