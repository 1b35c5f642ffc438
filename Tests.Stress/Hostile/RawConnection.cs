using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>
/// A connection to a silo on which requests are sent as bytes. It is opened when it is needed, and again after each request that may have
/// left it in an unknown state.
/// </summary>
/// <param name="port">The silo's port on the loopback.</param>
internal sealed class RawConnection(int port) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Socket? _socket;
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Sends a request and reads its answer.</summary>
    /// <returns>The answer; <see langword="null"/> where the connection ended without one, or none was waited for.</returns>
    /// <exception cref="TimeoutException">There was no answer in time.</exception>
    public async Task<Answer?> AskAsync(HostileRequest request)
    {
        using var deadline = new CancellationTokenSource(Patience);
        bool isNew = _socket is null;
        try
        {
            await SendAsync(request, deadline.Token);
            if (request.IsAbandoned)
            {
                Close();
                return null;
            }

            Answer? answer = await ReadAsync(request, deadline.Token);
            if (answer is null || answer.IsCut || answer.Closes || request.IsOddHttp || answer.ContentType == "text/event-stream")
            {
                Close();
            }

            // A connection that was kept may have been closed meanwhile.
            return answer is null && !isNew && !request.IsOddHttp ? await AskAsync(request) : answer;
        }
        catch (OperationCanceledException failure)
        {
            Close();
            throw new TimeoutException("No answer within a minute.", failure);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            Close();
            return isNew || request.IsOddHttp ? null : await AskAsync(request);
        }
    }

    public void Dispose() => Close();

    private async Task SendAsync(HostileRequest request, CancellationToken cancellationToken)
    {
        if (_socket is null)
        {
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            (_start, _end) = (0, 0);
            await _socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        }

        byte[] all = [.. request.Head, .. request.Body];
        int piece = request.IsSlow ? Math.Max(1, all.Length / 40) : all.Length;
        try
        {
            for (int sent = 0; sent < all.Length; sent += piece)
            {
                for (ReadOnlyMemory<byte> rest = all.AsMemory(sent, Math.Min(piece, all.Length - sent)); !rest.IsEmpty;)
                {
                    rest = rest[await _socket.SendAsync(rest, SocketFlags.None, cancellationToken)..];
                }
            }
        }
        catch (SocketException) when (!request.IsAbandoned)
        {
            // A body that is refused before its end: the answer is there.
        }
    }

    private async Task<Answer?> ReadAsync(HostileRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ReadLineAsync(cancellationToken) is not { } line)
            {
                return null;
            }

            string[] parts = line.Split(' ', 3);
            int status =
                parts.Length > 1
                && parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    ? number
                    : 0;
            var headers = new Dictionary<string, string>(StringComparer.Ordinal);
            while (await ReadLineAsync(cancellationToken) is { Length: > 0 } header)
            {
                int colon = header.IndexOf(':', StringComparison.Ordinal);
                headers[header[..Math.Max(0, colon)].ToLowerInvariant()] = header[(colon + 1)..].Trim();
            }

            if (status is >= 100 and < 200)
            {
                continue;
            }

            bool isBodiless = request.Method == "HEAD" || status is 204 or 304;
            (byte[] body, bool isCut) = isBodiless ? ([], false) : await ReadBodyAsync(headers, cancellationToken);
            return new Answer(status, headers, body, isCut);
        }
    }

    private async Task<(byte[] Body, bool IsCut)> ReadBodyAsync(Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        if (headers.TryGetValue("content-length", out string? length))
        {
            bool isWhole = await CopyAsync(body, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
            return (body.ToArray(), !isWhole);
        }

        // It has no end: its first event is enough.
        bool isFeed = headers.GetValueOrDefault("content-type", "").StartsWith("text/event-stream", StringComparison.Ordinal);
        if (!headers.TryGetValue("transfer-encoding", out _))
        {
            // To the connection's end, as HTTP/1.0 has it, beginning with what came with the headers.
            do
            {
                body.Write(_buffer.AsSpan(_start, _end - _start));
                _start = _end;
            } while (!(isFeed && body.Length > 0) && await FillAsync(cancellationToken));

            return (body.ToArray(), false);
        }

        while (await ReadLineAsync(cancellationToken) is { } size)
        {
            int bytes = int.Parse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (!await CopyAsync(body, bytes, cancellationToken) || await ReadLineAsync(cancellationToken) is null)
            {
                break;
            }

            if (bytes == 0 || isFeed)
            {
                return (body.ToArray(), false);
            }
        }

        return (body.ToArray(), true);
    }

    private async Task<bool> CopyAsync(MemoryStream to, int bytes, CancellationToken cancellationToken)
    {
        while (bytes > 0)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
            {
                return false;
            }

            int taken = Math.Min(bytes, _end - _start);
            to.Write(_buffer.AsSpan(_start, taken));
            (_start, bytes) = (_start + taken, bytes - taken);
        }

        return true;
    }

    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (end >= 0)
            {
                string line = Encoding.Latin1.GetString(_buffer.AsSpan(_start, end)).TrimEnd('\r');
                _start += end + 1;
                return line;
            }

            if (!await FillAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = await _socket!.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancellationToken);
        _end += read;
        return read > 0;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
