using System.Net;
using System.Net.Sockets;

namespace OrleansMemory.Benchmarks.Http;

/// <summary>
/// A kept-alive HTTP/1.1 connection that does the least a client must: it writes bytes that are ready and reads one answer to its end. What
/// a client library costs shares the processors with the silo and is not what is asked.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[16 * 1024];

    /// <summary>Connects.</summary>
    /// <param name="port">The port on the loopback.</param>
    /// <returns>The connection.</returns>
    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        try
        {
            await connection._socket.ConnectAsync(IPAddress.Loopback, port);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and waits for the whole answer. One at a time.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The status of the answer.</returns>
    /// <exception cref="IOException">The other side closed the connection.</exception>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request)
    {
        await WriteAsync(request);
        for (int held = 0; ;)
        {
            if (held == _buffer.Length)
            {
                Array.Resize(ref _buffer, 2 * held);
            }

            held += await ReadAsync(_buffer.AsMemory(held));
            if (RawAnswer.IsWhole(_buffer.AsSpan(0, held)))
            {
                return RawAnswer.Status(_buffer);
            }
        }
    }

    /// <summary>Sends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>A task that ends when they are sent.</returns>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await _socket.SendAsync(bytes[sent..]);
        }
    }

    /// <summary>Waits for bytes.</summary>
    /// <param name="buffer">Receives them.</param>
    /// <returns>How many have come, at least one.</returns>
    /// <exception cref="IOException">The other side closed the connection.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer) =>
        await _socket.ReceiveAsync(buffer) is int read and > 0 ? read : throw new IOException("The silo closed the connection.");

    /// <summary>Sends a request whose answer must be a success.</summary>
    /// <param name="request">The request.</param>
    /// <returns>A task that ends with the answer.</returns>
    /// <exception cref="InvalidOperationException">The answer is another one: the figure would count what was refused.</exception>
    public async ValueTask SucceedAsync(ReadOnlyMemory<byte> request)
    {
        int status = await SendAsync(request);
        if (status is < 200 or > 299)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"The silo answered {status}."));
        }
    }

    public void Dispose() => _socket.Dispose();
}
