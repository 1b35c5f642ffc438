namespace OrleansMemory.Benchmarks.Http;

/// <summary>A live feed of one conversation on a connection of its own: the least a reader must do to see that an event has come.</summary>
internal sealed class RawFeed : IDisposable
{
    private readonly RawConnection _connection;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _held;
    private long _seen;

    private RawFeed(RawConnection connection) => _connection = connection;

    private static ReadOnlySpan<byte> Mark => "\nevent: message\n"u8;

    private static ReadOnlySpan<byte> Begun => "\nid: "u8;

    /// <summary>Opens a feed of what comes from now on.</summary>
    /// <param name="port">The silo's port.</param>
    /// <param name="conversation">The conversation, which exists.</param>
    /// <returns>The feed, which stands.</returns>
    public static async Task<RawFeed> OpenAsync(int port, string conversation)
    {
        var feed = new RawFeed(await RawConnection.OpenAsync(port));
        await feed._connection.WriteAsync(RawRequests.Get(port, FormattableString.Invariant($"/v1/conversations/{conversation}/events")));

        // The silo says where a feed stands before its first event.
        while (feed._buffer.AsSpan(0, feed._held).IndexOf(Begun) < 0)
        {
            feed._held += await feed._connection.ReadAsync(feed._buffer.AsMemory(feed._held));
        }

        feed._held = 0;
        return feed;
    }

    /// <summary>Waits until so many messages have come.</summary>
    /// <param name="expected">How many must have come in all.</param>
    /// <returns>A task that ends when they have.</returns>
    public async ValueTask ReceiveAsync(long expected)
    {
        while (_seen < expected)
        {
            int read = await _connection.ReadAsync(_buffer.AsMemory(_held));
            Count(_held + read);
        }
    }

    public void Dispose() => _connection.Dispose();

    // A mark may be cut by the end of a packet: as much as could be its beginning is kept.
    private void Count(int length)
    {
        Span<byte> bytes = _buffer.AsSpan(0, length);
        int at;
        while ((at = bytes.IndexOf(Mark)) >= 0)
        {
            _seen++;
            bytes = bytes[(at + Mark.Length)..];
        }

        Span<byte> rest = bytes[^Math.Min(bytes.Length, Mark.Length - 1)..];
        rest.CopyTo(_buffer);
        _held = rest.Length;
    }
}
