using System.Diagnostics;
using System.Globalization;
using System.Net;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>
/// A silo's process that is started again whenever it has ended, unless it is held down, with a proxy before its silo port and one before
/// its database.
/// </summary>
internal sealed class CampaignSilo : IAsyncDisposable
{
    private readonly Dictionary<string, string> _environment = [];
    private readonly string _url = $"http://127.0.0.1:{FreePort.Next()}";
    private readonly string _clockFile;

    // Over all of its processes. A clock that is set makes the watchdog write thousands of lines, and is what was done to it.
    private readonly LogTail _log = new(300, static line => line.Contains("Watchdog", StringComparison.Ordinal));
    private readonly HttpClient _probe = new() { Timeout = TimeSpan.FromSeconds(1) };
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;
    private volatile Process? _process;
    private volatile bool _ready;
    private volatile bool _killed;
    private volatile TaskCompletionSource? _held;

    /// <summary>Starts it, and keeps it running.</summary>
    /// <param name="place">Its place among the silos.</param>
    /// <param name="server">Its database.</param>
    public CampaignSilo(int place, CampaignServer server)
    {
        Database = new LoopbackProxy(FreePort.Next(), server.Socket);
        int listening = FreePort.Next();
        Silo = new LoopbackProxy(FreePort.Next(), new IPEndPoint(IPAddress.Loopback, listening));
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(1) })
        {
            BaseAddress = new Uri(_url),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        Database.Open();
        _clockFile = Path.Combine(Path.GetTempPath(), FormattableString.Invariant($"fault-campaign-{Environment.ProcessId}-{place}.clock"));
        SetClock(0);
        foreach ((string name, string value) in Settings(server, listening))
        {
            _environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _running = RunAsync();
    }

    /// <summary>Between it and PostgreSQL.</summary>
    public LoopbackProxy Database { get; }

    /// <summary>Between the others and it.</summary>
    public LoopbackProxy Silo { get; }

    /// <summary>Its HTTP API.</summary>
    public HttpClient Http { get; }

    /// <summary>The newest lines of its log.</summary>
    public string Log => _log.ToString()!;

    /// <summary>Whether it was ready when it was last seen.</summary>
    public bool IsReady => _ready;

    /// <summary>How often it ended without having been killed.</summary>
    public int EndsByItself { get; private set; }

    /// <summary>Waits until it is ready, and no longer than it may take to start.</summary>
    public async Task ReadyAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        while (!_ready)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    /// <summary>Waits until it says that it is ready now.</summary>
    public async Task WellAsync(CancellationToken cancellationToken)
    {
        while (!_ready || !await AnswersAsync())
        {
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>SIGKILL; it stays down until it is let go.</summary>
    public async Task KillAsync()
    {
        Process process = _process!;
        _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _killed = true;
        _ready = false;
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Lets it be started again.</summary>
    public void Release() => Interlocked.Exchange(ref _held, null)?.TrySetResult();

    /// <summary>Sends a signal.</summary>
    public Task SignalAsync(string signal) =>
        _process is { HasExited: false } process ? Signals.SendAsync(signal, process.Id) : Task.CompletedTask;

    /// <summary>Sets its wall clock.</summary>
    /// <param name="seconds">By how much it is ahead.</param>
    public void SetClock(int seconds)
    {
        File.WriteAllText(_clockFile + ".new", seconds.ToString(CultureInfo.InvariantCulture));
        File.Move(_clockFile + ".new", _clockFile, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Release();
        await _running;
        await Silo.DisposeAsync();
        await Database.DisposeAsync();
        Http.Dispose();
        _probe.Dispose();
        _end.Dispose();
        File.Delete(_clockFile);
    }

    private IEnumerable<(string Name, string Value)> Settings(CampaignServer server, int listening) =>
        [
            ("ConnectionStrings:Postgres", server.ConnectionString(Database.Port)),
            ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("DOTNET_gcServer", "0"),
            ("DOTNET_TieredPGO", "0"),
            ("OrleansMemory:Cluster:Membership", "Postgres"),
            ("OrleansMemory:Cluster:AdvertisedAddress", "127.0.0.1"),
            ("OrleansMemory:Cluster:SiloPort", Silo.Port.ToString(CultureInfo.InvariantCulture)),
            ("OrleansMemory:Cluster:FailureDetection:ProbeTimeout", "00:00:01"),
            ("OrleansMemory:Cluster:FailureDetection:MinProbeTimeout", "00:00:00.5"),
            ("OrleansMemory:Cluster:FailureDetection:MaxProbeTimeout", "00:00:01.5"),
            ("OrleansMemory:Cluster:FailureDetection:NumMissedProbesLimit", "3"),
            ("OrleansMemory:Clock:Period", "00:00:01"),
            .. SiloHook.Variables(listening, _clockFile),
        ];

    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            if (_held is { } held)
            {
                await held.Task;
            }

            using Process process = Start();
            Silo.Open();
            Task exit = process.WaitForExitAsync(CancellationToken.None);
            await AwaitReadyAsync(exit);
            await Task.WhenAny(exit, Task.Delay(Timeout.Infinite, _end.Token));
            if (!process.HasExited)
            {
                process.Kill();
                await exit;
            }

            EndsByItself += _killed || _end.IsCancellationRequested ? 0 : 1;
            (_ready, _killed) = (false, false);
            Silo.Close();
            _process = null;
        }
    }

    private async Task AwaitReadyAsync(Task exit)
    {
        while (!exit.IsCompleted && !_end.IsCancellationRequested && !await AnswersAsync())
        {
            await Task.Delay(50);
        }

        _ready = !exit.IsCompleted && !_killed;
    }

    private Process Start()
    {
        string program = typeof(Program).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [program, "--urls", _url])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };

        // Pool threads that look for work in vain take it from the other processes of a small machine.
        start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        foreach ((string name, string value) in _environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        _log.Follow(process);
        _process = process;
        return process;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using HttpResponseMessage response = await _probe.GetAsync(_url + "/health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
