using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// A silo of a cluster that runs from a copy of its program, in a folder that is neither its own nor ours, with what is to be seen of all
/// it writes: at Trace that is too much to keep.
/// </summary>
internal sealed class LoggedSilo : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _leaks = new();
    private readonly ConcurrentQueue<string> _alarms = new();
    private readonly string _marker;
    private readonly Process _process;
    private int _lines;

    private LoggedSilo(
        string program,
        string folder,
        string marker,
        string connectionString,
        string key,
        IEnumerable<(string Name, string Value)> settings
    )
    {
        _marker = marker;
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        AccessLog = Path.Combine(folder, Path.GetRandomFileName());
        var start = new ProcessStartInfo("dotnet", [program, "--urls", address.ToString()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        (string Name, string Value)[] own =
        [
            ("ConnectionStrings:Postgres", connectionString),
            ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0"),
            ("OrleansMemory:ApiKeys:0:Key", key),
            ("OrleansMemory:ApiKeys:0:Role", "Operator"),
            ("OrleansMemory:ApiKeys:0:Tenant", "tenant"),
            ("OrleansMemory:Cluster:Membership", "Postgres"),
            ("OrleansMemory:Cluster:AdvertisedAddress", "127.0.0.1"),
            ("OrleansMemory:Cluster:SiloPort", FreePort.Next().ToString(CultureInfo.InvariantCulture)),
            ("OrleansMemory:Http:AccessLog", AccessLog),
        ];
        foreach ((string name, string value) in own.Concat(settings))
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => See(line.Data);
        _process.ErrorDataReceived += (_, line) => See(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    /// <summary>The file of its access log.</summary>
    public string AccessLog { get; }

    /// <summary>Lines that hold the marker.</summary>
    public IReadOnlyCollection<string> Leaks => [.. _leaks];

    /// <summary>Lines of Warning and above.</summary>
    public IReadOnlyCollection<string> Alarms => [.. _alarms];

    /// <summary>How many lines it has written.</summary>
    public int Lines => Volatile.Read(ref _lines);

    public static async Task<LoggedSilo> StartAsync(
        string program,
        string folder,
        string marker,
        string connectionString,
        string key,
        params (string Name, string Value)[] settings
    )
    {
        var silo = new LoggedSilo(program, folder, marker, connectionString, key, settings);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await silo.IsReadyAsync(patience.Token))
        {
            Assert.False(silo._process.HasExited, "The silo ended instead of starting.");
            await Task.Delay(100, patience.Token);
        }

        return silo;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; everything that it has written has been seen then.</summary>
    public async Task StopAsync()
    {
        using Process signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        Http.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void See(string? line)
    {
        if (line is null)
        {
            return;
        }

        Interlocked.Increment(ref _lines);
        if (line.Contains(_marker, StringComparison.OrdinalIgnoreCase))
        {
            _leaks.Enqueue(line);
        }

        if (
            line.Contains(" warn: ", StringComparison.Ordinal)
            || line.Contains(" fail: ", StringComparison.Ordinal)
            || line.Contains(" crit: ", StringComparison.Ordinal)
        )
        {
            _alarms.Enqueue(line);
        }
    }
}
