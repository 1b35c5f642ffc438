using System.Net;
using System.Net.Sockets;

namespace OrleansMemory.Tests.Support;

/// <summary>Loopback ports that were free a moment ago and that no other caller of this process is given.</summary>
internal static class FreePort
{
    // Below the ports that the system gives to connections, which may take one at any time.
    private const int First = 13_000;
    private const int Count = 15_000;

    private static int _last = Random.Shared.Next(Count);

    public static int Next()
    {
        while (true)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another process has it.
            }
        }
    }
}
