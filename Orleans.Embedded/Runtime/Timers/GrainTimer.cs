using Microsoft.Extensions.Logging;
using Orleans.Runtime.Activations;

namespace Orleans.Runtime.Timers;

/// <summary>A timer whose ticks are turns of an activation. There is never more than one tick under way or waiting.</summary>
internal sealed partial class GrainTimer : IGrainTimer
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromMilliseconds(0xfffffffe);

    private readonly Lock _lock = new();
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _changed;
    private bool _ticking;
    private bool _disposed;

    internal GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options, ILogger logger)
    {
        _activation = activation;
        _callback = callback;
        _logger = logger;
        Interleave = options.Interleave;
        KeepAlive = options.KeepAlive;

        _timer = activation.Silo.Time.CreateUnflowedTimer(
            static state => ((GrainTimer)state!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal bool Interleave { get; }

    internal bool KeepAlive { get; }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Require(dueTime, nameof(dueTime));
        Require(period, nameof(period));
        lock (_lock)
        {
            _dueTime = dueTime;
            _period = period;
            if (_disposed) return;
            if (_ticking) _changed = true;
            else _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
        }

        _timer.Dispose();
        _activation.Disown(this);
        try
        {
            _ended.Cancel();
        }
        catch (AggregateException exception)
        {
            LogCallbackFailed(_logger, _activation.Class.Name, exception);
        }
    }

    /// <summary>Calls back; what the callback throws is logged and goes no further.</summary>
    internal async Task TickAsync()
    {
        try
        {
            if (!_ended.IsCancellationRequested) await _callback(_ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The timer was disposed and the callback took notice.
        }
        catch (Exception exception)
        {
            LogCallbackFailed(_logger, _activation.Class.Name, exception);
        }

        Rearm();
    }

    private static void Require(TimeSpan time, string name)
    {
        if (time == Timeout.InfiniteTimeSpan) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, LongestTime, name);
    }

    private void OnDue()
    {
        lock (_lock)
        {
            if (_disposed || _ticking) return;
            _ticking = true;
        }

        _activation.TryDeliver(new TimerTick(this));
    }

    private void Rearm()
    {
        lock (_lock)
        {
            _ticking = false;
            if (_disposed) return;
            _timer.Change(_changed ? _dueTime : _period, Timeout.InfiniteTimeSpan);
            _changed = false;
        }
    }

    [LoggerMessage(EventId = 9020, Level = LogLevel.Warning, Message = "A timer callback of {GrainClass} failed; the timer goes on")]
    private static partial void LogCallbackFailed(ILogger logger, string grainClass, Exception exception);
}
