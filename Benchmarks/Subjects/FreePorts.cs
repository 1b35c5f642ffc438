using System.Net;
using System.Net.Sockets;

namespace OrleansMemory.Benchmarks.Subjects;

/// <summary>Ports of the loopback that nothing listens on.</summary>
internal static class FreePorts
{
    /// <summary>Finds ports. They are held until all are found, so that no two are the same.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The ports.</returns>
    public static int[] Find(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            Array.ForEach(listeners, listener => listener.Start());
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            Array.ForEach(listeners, listener => listener.Dispose());
        }
    }
}
