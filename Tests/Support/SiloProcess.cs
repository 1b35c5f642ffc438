using System.Diagnostics;
using System.Globalization;

namespace OrleansMemory.Tests.Support;

/// <summary>A silo in a process of its own, on a loopback port.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly string _connectionString;
    private readonly (string Name, string Value)[] _settings;
    private readonly Uri _address;
    private readonly LogTail _log = new();
    private Process? _process;
    private TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(string connectionString, (string Name, string Value)[] settings)
    {
        _connectionString = connectionString;
        _settings = settings;
        _address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        Http = new HttpClient { BaseAddress = _address };
    }

    public HttpClient Http { get; }

    /// <summary>The last lines that it wrote.</summary>
    public string Log => _log.ToString();

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

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "--urls", _address.ToString()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ConnectionStrings__Postgres"] = _connectionString;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["OrleansMemory__Cluster__SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        start.Environment["OrleansMemory__Cluster__GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        foreach ((string name, string value) in _settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => _log.Add(line.Data);
        process.ErrorDataReceived += (_, line) => _log.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!await IsReadyAsync(deadline.Token))
        {
            Assert(!process.HasExited, "The silo ended instead of starting:\n" + _log);
            await Task.Delay(50, deadline.Token);
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

    /// <summary>SIGTERM, as containers are stopped; waits until the process has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using Process signal = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await _process.WaitForExitAsync(deadline.Token);
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

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await Http.GetAsync("/health/ready", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static void Assert(bool condition, string message) => Xunit.Assert.True(condition, message);
}
