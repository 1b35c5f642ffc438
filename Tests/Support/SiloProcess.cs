using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace OrleansMemory.Tests.Support;

/// <summary>A silo in a process of its own, on a loopback port.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly string _connectionString;
    private readonly (string Name, string Value)[] _settings;
    private readonly string _program;
    private readonly Uri _address;
    private readonly LogTail _log = new();
    private Process? _process;
    private TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(string connectionString, (string Name, string Value)[] settings, string? program = null)
    {
        _connectionString = connectionString;
        _program = program ?? typeof(Program).Assembly.Location;
        _settings = settings;
        _address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        Http = new HttpClient { BaseAddress = _address };
    }

    public HttpClient Http { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>The newest lines of its log.</summary>
    public string Log => _log.ToString()!;

    /// <summary>Ends when the silo runs.</summary>
    public Task Running => Volatile.Read(ref _running).Task;

    /// <summary>Starts a silo and waits until it is ready.</summary>
    /// <param name="connectionString">Its database.</param>
    /// <param name="settings">Further settings, by their names in the configuration.</param>
    public static async Task<SiloProcess> StartAsync(string connectionString, params (string Name, string Value)[] settings)
    {
        var silo = new SiloProcess(connectionString, settings);
        await silo.StartAgainAsync();
        return silo;
    }

    /// <summary>Starts a silo of another build and waits until it is ready.</summary>
    /// <param name="program">The build's <c>OrleansMemory.Silo.dll</c>.</param>
    /// <param name="connectionString">Its database.</param>
    /// <param name="settings">Further settings, by their names in the configuration.</param>
    public static async Task<SiloProcess> StartBuildAsync(
        string program,
        string connectionString,
        params (string Name, string Value)[] settings
    )
    {
        var silo = new SiloProcess(connectionString, settings, program);
        await silo.StartAgainAsync();
        return silo;
    }

    /// <summary>Starts a silo that need not become ready, and waits until it serves.</summary>
    /// <param name="connectionString">Its database.</param>
    /// <param name="settings">Further settings, by their names in the configuration, and variables of the environment.</param>
    public static async Task<SiloProcess> StartUnreadyAsync(string connectionString, params (string Name, string Value)[] settings)
    {
        var silo = new SiloProcess(connectionString, settings);
        await silo.StartAsync("/health/live");
        return silo;
    }

    public Task StartAgainAsync() => StartAsync("/health/ready");

    private async Task StartAsync(string probe)
    {
        var start = new ProcessStartInfo("dotnet", [_program, "--urls", _address.ToString()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(_program),
        };
        start.Environment["ConnectionStrings__Postgres"] = _connectionString;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";

        // Pool threads that look for work in vain take it from the other processes of a small machine.
        start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        start.Environment["OrleansMemory__Cluster__SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        start.Environment["OrleansMemory__Cluster__GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        foreach ((string name, string value) in _settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        Process process = Process.Start(start)!;
        _log.Follow(process);
        _process = process;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        try
        {
            while (!await AnswersAsync(probe, deadline.Token))
            {
                Assert(!process.HasExited, "The silo ended instead of starting:\n" + _log);
                await Task.Delay(50, deadline.Token);
            }
        }
        catch when (!process.HasExited)
        {
            // Its caller has no silo that could be disposed, and the process would outlive the test.
            process.Kill();
            throw;
        }

        _running.TrySetResult();
    }

    /// <summary>SIGKILL: nothing is flushed, and no other process is told.</summary>
    public async Task KillAsync()
    {
        Volatile.Write(ref _running, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it does not run, and keeps its connections, until it gets SIGCONT.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Waits until its process has ended by itself.</summary>
    /// <param name="patience">How long at most.</param>
    public Task EndedAsync(TimeSpan patience) => _process!.WaitForExitAsync().WaitAsync(patience);

    /// <summary>SIGTERM, as containers are stopped; waits until the process has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await _process!.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Http.Dispose();
    }

    private async Task SignalAsync(string name)
    {
        using Process signal = Process.Start("kill", ["-" + name, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync();
    }

    private async Task<bool> AnswersAsync(string probe, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await Http.GetAsync(probe, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException)
        {
            // The latter comes through where the connection is gone as soon as it is there.
            return false;
        }
    }

    private static void Assert(bool condition, string message) => Xunit.Assert.True(condition, message);
}
