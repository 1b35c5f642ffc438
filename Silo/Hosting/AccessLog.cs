using System.Globalization;
using System.Text;
using System.Threading.Channels;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// Writes a line for every request to a file or to the console: instant, method, route, status, duration, tenant. It names the route and
/// not the path, so that no id, key or query stands there.
/// </summary>
/// <remarks>
/// A request only puts its line into a bounded queue; a task of its own formats and writes what has gathered. Where that does not keep up,
/// lines are left out, and how many is written.
/// </remarks>
internal sealed partial class AccessLog : BackgroundService
{
    /// <summary>The setting that names where the lines go.</summary>
    public const string Setting = $"{HttpOptions.Section}:{nameof(HttpOptions.AccessLog)}";

    private const string ToConsole = "console";

    // A second of the fastest requests, in some MiB.
    private const int Waiting = 65_536;

    private readonly Channel<Line> _lines;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Stream _target;
    private long _leftOut;

    /// <summary>Writes to a stream.</summary>
    /// <param name="target">The stream, which is disposed with the log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told when lines cannot be written.</param>
    public AccessLog(Stream target, TimeProvider time, ILogger<AccessLog> logger)
    {
        _target = target;
        _time = time;
        _logger = logger;
        _lines = Channel.CreateBounded<Line>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    }

    /// <summary>Opens the log.</summary>
    /// <param name="target"><c>console</c> or the path of a file, which is made where there is none and appended to where there is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told when lines cannot be written.</param>
    /// <exception cref="SettingException">The file cannot be written.</exception>
    public static AccessLog Open(string target, TimeProvider time, ILogger<AccessLog> logger)
    {
        if (string.Equals(target, ToConsole, StringComparison.OrdinalIgnoreCase))
        {
            return new AccessLog(Console.OpenStandardOutput(), time, logger);
        }

        try
        {
            return new AccessLog(
                new FileStream(target, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0),
                time,
                logger
            );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SettingException(
                $"{Setting} names a file that cannot be written ({failure.GetType().Name}). Set it to the path of a file in a folder that is there, or to {ToConsole}.",
                failure
            );
        }
    }

    /// <summary>Lets a request pass and notes how it ended.</summary>
    /// <param name="next">Answers it.</param>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        long started = _time.GetTimestamp();

        // An error takes it off the request.
        string? route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        try
        {
            await next(context);
        }
        finally
        {
            var line = new Line(
                _time.GetUtcNow(),
                HeadRequests.MethodOf(context),
                route,
                context.Response.StatusCode,
                _time.GetElapsedTime(started),
                context.Features.Get<Caller>()?.Tenant
            );
            if (!_lines.Writer.TryWrite(line))
            {
                Interlocked.Increment(ref _leftOut);
            }
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was answered is written; the queue ends it.
        _lines.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _target.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var text = new StringBuilder();
        while (await _lines.Reader.WaitToReadAsync(CancellationToken.None))
        {
            text.Clear();
            while (text.Length < 64 * 1024 && _lines.Reader.TryRead(out Line line))
            {
                line.AppendTo(text);
            }

            AppendLeftOut(text);
            await WriteAsync(text.ToString());
        }

        AppendLeftOut(text.Clear());
        await WriteAsync(text.ToString());
    }

    private void AppendLeftOut(StringBuilder text)
    {
        if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var leftOut)
        {
            text.Append(CultureInfo.InvariantCulture, $"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} - left out {leftOut} lines\n");
        }
    }

    private async Task WriteAsync(string text)
    {
        try
        {
            await _target.WriteAsync(Encoding.UTF8.GetBytes(text));
            await _target.FlushAsync();
        }
        catch (IOException failure)
        {
            // A full disk must not end the silo.
            LogNotWritten(failure.GetType().Name);
        }
    }

    [LoggerMessage(2107, LogLevel.Warning, "Lines of the access log could not be written ({Exception})")]
    private partial void LogNotWritten(string exception);

    private readonly record struct Line(DateTimeOffset At, string Method, string? Route, int Status, TimeSpan Duration, string? Tenant)
    {
        public void AppendTo(StringBuilder text) =>
            text.Append(
                CultureInfo.InvariantCulture,
                $"{At:yyyy-MM-ddTHH:mm:ss.fffZ} {KnownMethod(Method)} {Route ?? "-"} {Status} {Duration.TotalMilliseconds:0.000}ms {Tenant ?? "-"}\n"
            );

        // A client may send any token for a method.
        private static string KnownMethod(string method) =>
            method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" ? method : "-";
    }
}
