using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace OrleansMemory.Silo.LocalPostgres;

/// <summary>
/// A small process beside us that stops the server when we end without having done so, be it by SIGTERM, SIGKILL or a crash: the system
/// then closes our end of a pipe.
/// </summary>
internal sealed class ServerWatchdog : IDisposable
{
    // A line says that all is well; the end of the pipe without one says that we are gone. SIGINT is PostgreSQL's fast shutdown, SIGQUIT
    // its immediate one, which is enough for data that is thrown away; after ten seconds it is no longer asked. A terminal's Ctrl+C reaches
    // this process too and must not end it.
    private const string Script = """
        trap '' INT TERM HUP
        if read -r _; then exit 0; fi
        if [ -z "$2" ]; then kill -INT "$1"; exit 0; fi
        kill -QUIT "$1"
        waited=0
        while kill -0 "$1" && [ "$waited" -lt 100 ]; do sleep 0.1; waited=$((waited + 1)); done
        kill -KILL "$1"
        rm -rf -- "$2"
        """;

    // A forgotten watchdog would be collected, its pipe closed, and a server stopped that is in use.
    private static readonly ConcurrentDictionary<ServerWatchdog, bool> Watching = new();

    private readonly Process _process;

    private ServerWatchdog(Process process)
    {
        _process = process;
        Watching.TryAdd(this, true);
    }

    /// <summary>Starts to watch.</summary>
    /// <param name="temporaryFolder">A folder to remove once the server has ended; <see langword="null"/> for none.</param>
    public static ServerWatchdog Start(int serverProcessId, string? temporaryFolder) =>
        new(Process.Start(Command(serverProcessId, temporaryFolder))!);

    /// <summary>The watchdog's command. It acts when its standard input ends.</summary>
    /// <param name="temporaryFolder">A folder to remove once the server has ended; <see langword="null"/> for none.</param>
    internal static ProcessStartInfo Command(int serverProcessId, string? temporaryFolder)
    {
        string id = serverProcessId.ToString(CultureInfo.InvariantCulture);
        return new ProcessStartInfo("/bin/sh", ["-c", Script, "watchdog", id, temporaryFolder ?? ""])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
    }

    /// <summary>Sends the watchdog home; the server is left alone.</summary>
    public void Dispose()
    {
        Watching.TryRemove(this, out _);
        try
        {
            _process.StandardInput.Write('\n');
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Somebody ended it: then it does not watch either.
        }

        _process.Dispose();
    }
}
