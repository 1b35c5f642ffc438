using OrleansMemory.Cli.Transfer.Json;

namespace OrleansMemory.Cli.Transfer.Export;

/// <summary>
/// Writes one part of a file. A short one is gathered first, so that others may write meanwhile; a long one makes the others wait.
/// </summary>
internal sealed class PartWriter(Func<ReadOnlyMemory<byte>, Task> write, SemaphoreSlim turn) : IDisposable
{
    private const int MostGathered = 1024 * 1024;

    private readonly MemoryStream _gathered = new();
    private bool _isMyTurn;

    /// <summary>Writes a line.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await _gathered.WriteAsync(line, cancellationToken);
        if (_gathered.Length >= MostGathered)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes out what has been gathered. From here on the others wait until this part is done with.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!_isMyTurn)
        {
            await turn.WaitAsync(cancellationToken);
            _isMyTurn = true;
        }

        // To its end, also when somebody interrupts: half a line would spoil what follows.
        await write(_gathered.GetBuffer().AsMemory(0, (int)_gathered.Length));
        _gathered.SetLength(0);
    }

    /// <summary>Gives the part up: what has been written of it already is marked as nothing.</summary>
    public async Task DropAsync()
    {
        if (_isMyTurn)
        {
            await write(JsonLines.Line(JsonLines.Dropped, static writer => writer.WriteRawValue("{}")));
        }
    }

    /// <summary>Lets the others write.</summary>
    public void Dispose()
    {
        _gathered.Dispose();
        if (_isMyTurn)
        {
            turn.Release();
        }
    }
}
