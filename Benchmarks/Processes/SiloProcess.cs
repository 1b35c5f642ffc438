using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using OrleansMemory.Benchmarks.Http;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Processes;

/// <summary>The product's own program in a process of its own, with its defaults but for its ports, on the run's database.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // Short against what is measured, long enough that the polling takes no processor time from the start.
    private static readonly TimeSpan BetweenPolls = TimeSpan.FromMilliseconds(5);

    private readonly ChildProcess _process;

    private SiloProcess(ChildProcess process, int port, TimeSpan startTime)
    {
        _process = process;
        Port = port;
        StartTime = startTime;
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Where it serves HTTP on the loopback.</summary>
    public int Port { get; }

    /// <summary>From just before its process was started until it said that it is ready.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>Starts a silo and waits until it is ready.</summary>
    /// <param name="program">Its program.</param>
    /// <param name="storage">Its tables, which exist.</param>
    /// <param name="settings">Further settings, by the names of environment variables.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time.</exception>
    public static async Task<SiloProcess> StartAsync(
        string program,
        PostgresStorageOptions storage,
        params IEnumerable<KeyValuePair<string, string>> settings
    )
    {
        int[] ports = FreePorts.Find(2);
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = FormattableString.Invariant($"http://127.0.0.1:{ports[0]}"),
            ["ConnectionStrings__Postgres"] = storage.ConnectionString,
            ["OrleansMemory__Postgres__Schema"] = storage.Schema,
            ["OrleansMemory__Cluster__SiloPort"] = ports[1].ToString(CultureInfo.InvariantCulture),
        };
        long started = Stopwatch.GetTimestamp();
        ChildProcess process = ChildProcess.Start(program, [], environment.Concat(settings));
        process.DrainOutput();
        while (!await IsReadyAsync(ports[0]))
        {
            if (process.HasEnded || Stopwatch.GetElapsedTime(started) > Deadline)
            {
                string lines = process.LastLines;
                await process.DisposeAsync();
                throw new InvalidOperationException($"The silo did not become ready.{Environment.NewLine}{lines}");
            }

            await Task.Delay(BetweenPolls);
        }

        return new SiloProcess(process, ports[0], Stopwatch.GetElapsedTime(started));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> IsReadyAsync(int port)
    {
        try
        {
            using RawConnection connection = await RawConnection.OpenAsync(port);
            return await connection.SendAsync(RawRequests.Get(port, "/health/ready")) == 200;
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            // It does not listen yet.
            return false;
        }
    }
}
