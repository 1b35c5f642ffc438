using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansMemory.Benchmarks.Processes;

/// <summary>
/// A program in a process of its own: a .NET assembly on the runtime that runs this one, or a program of its own. It is killed when it is
/// disposed and when this process ends in order.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // Enough to see why a program ended.
    private const int LinesKept = 20;

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();

    private ChildProcess(Process process)
    {
        _process = process;
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it reads.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>What it writes.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>The last lines that <see cref="DrainOutput"/> has read.</summary>
    public string LastLines
    {
        get
        {
            lock (_lastLines)
            {
                return string.Join(Environment.NewLine, _lastLines);
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program">The program's file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that it gets beside those of this process.</param>
    /// <param name="yields">
    /// Whether it leaves the processors to whatever else wants them: one that stands for another machine's load.
    /// </param>
    /// <returns>The process. Its error stream is this one's.</returns>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>> environment,
        bool yields = false
    )
    {
        string dotnet = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")
        );
        bool isAssembly = string.Equals(Path.GetExtension(program), ".dll", StringComparison.OrdinalIgnoreCase);
        string[] command = isAssembly ? [dotnet, program, .. arguments] : [program, .. arguments];
        if (yields && !OperatingSystem.IsWindows())
        {
            // Linux keeps the priority of each thread: it has to be there before the runtime makes some.
            command = ["nice", "-n", "19", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        if (yields && OperatingSystem.IsWindows())
        {
            process.PriorityClass = ProcessPriorityClass.Idle;
        }

        return new ChildProcess(process);
    }

    /// <summary>Reads what it writes and keeps the last lines, so that it never waits for a reader.</summary>
    public void DrainOutput()
    {
        _process.OutputDataReceived += (_, line) =>
        {
            lock (_lastLines)
            {
                _lastLines.Enqueue(line.Data ?? "");
                if (_lastLines.Count > LinesKept)
                {
                    _lastLines.Dequeue();
                }
            }
        };
        _process.BeginOutputReadLine();
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(this, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Kill(object? sender, EventArgs arguments)
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }
}
