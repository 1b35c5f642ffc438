using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Forwards a loopback port to a process, and can be cut.</summary>
/// <param name="port">The port that it listens on.</param>
internal sealed class LoopbackProxy(int port, EndPoint target) : IAsyncDisposable
{
    // A silo that starts listens a moment later than it is looked for.
    private static readonly TimeSpan TargetPatience = TimeSpan.FromSeconds(0.4);

    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private Socket? _listener;
    private volatile TaskCompletionSource? _silence;
    private volatile bool _refuses;

    /// <summary>The port that it listens on.</summary>
    public int Port => port;

    /// <summary>Takes connections from now on.</summary>
    public void Open()
    {
        Close();
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(256);
        _listener = listener;
        _ = AcceptAsync(listener);
    }

    /// <summary>No one listens any more, as where a process has ended.</summary>
    public void Close()
    {
        Interlocked.Exchange(ref _listener, null)?.Dispose();
        Reset();
    }

    /// <summary>Cuts it.</summary>
    /// <param name="silently">Whether bytes vanish and no one is told; else connections end and new ones do.</param>
    public void Cut(bool silently)
    {
        if (silently)
        {
            _silence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        else
        {
            _refuses = true;
            Reset();
        }
    }

    /// <summary>Forwards again. Connections that were silent end: what they held back is lost.</summary>
    public void Mend()
    {
        _refuses = false;
        if (_silence is { } silence)
        {
            Reset();
            _silence = null;
            silence.TrySetResult();
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        _silence?.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private void Reset()
    {
        foreach ((Socket one, Socket other) in _pairs)
        {
            End(one);
            End(other);
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptAsync());
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Socket caller)
    {
        Socket? called = null;
        try
        {
            if (_silence is { } silence)
            {
                await silence.Task;
                return;
            }

            if (_refuses)
            {
                return;
            }

            called = await ConnectAsync();
            caller.NoDelay = true;
            _pairs[caller] = called;
            await Task.WhenAny(PumpAsync(caller, called), PumpAsync(called, caller));
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // One of them is gone, and the other one is told.
        }
        finally
        {
            _pairs.TryRemove(caller, out _);
            End(caller);
            End(called);
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var socket = new Socket(
                target.AddressFamily,
                SocketType.Stream,
                target is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified
            );
            try
            {
                await socket.ConnectAsync(target);
                if (target is IPEndPoint)
                {
                    socket.NoDelay = true;
                }

                return socket;
            }
            catch (SocketException) when (target is IPEndPoint && TimeProvider.System.GetElapsedTime(started) < TargetPatience)
            {
                socket.Dispose();
                await Task.Delay(20);
            }
            catch (SocketException)
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and int count)
            {
                if (_silence is { } silence)
                {
                    await silence.Task;
                    return;
                }

                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The other direction ends with this one.
        }
    }

    private static void End(Socket? socket)
    {
        if (socket is null)
        {
            return;
        }

        try
        {
            // With a reset: what is on its way is lost, as with a process that is killed.
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }
}
