using System.Diagnostics;
using System.Globalization;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Silo.Start;

/// <summary>The built silo as a process of its own, started from a folder that is not its own, with everything that it writes.</summary>
internal sealed class SiloRun : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly List<string> _errors = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloRun(Uri address, string[] arguments, (string Name, string Value)[] settings)
    {
        Address = address;
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("ConnectionStrings__Postgres");
        start.Environment.Remove("DOTNET_RUNNING_IN_CONTAINER");
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["OrleansMemory__Cluster__SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        foreach ((string name, string value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Add(_lines, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public IReadOnlyList<string> Lines => Copy(_lines);

    public IReadOnlyList<string> Errors => Copy(_errors);

    public static SiloRun Start(params (string Name, string Value)[] settings) => Start([], settings);

    public static SiloRun Start(string[] arguments, params (string Name, string Value)[] settings) =>
        new(new Uri($"http://127.0.0.1:{FreePort.Next()}"), arguments, settings);

    /// <summary>Waits for the last line of the banner.</summary>
    public async Task ReadyAsync()
    {
        Task ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_ready.Task, ended).WaitAsync(Limit) == ended)
        {
            Xunit.Assert.Fail("The silo ended instead of starting: " + string.Join('\n', Lines.Concat(Errors)));
        }
    }

    /// <summary>SIGTERM, then the end.</summary>
    public async Task<int> StopAsync()
    {
        using Process signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await EndAsync();
    }

    /// <summary>Waits for the process to end by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static List<string> Copy(List<string> lines)
    {
        lock (lines)
        {
            return [.. lines];
        }
    }

    private void Add(List<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.Add(line);
        }

        if (line.Contains("  access:  ", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }
}
