using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Activations;
using Orleans.Runtime.Calls;
using Orleans.Runtime.Streams;
using Orleans.Runtime.Timers;

namespace Orleans.Runtime;

/// <summary>The host itself: takes calls in while it runs, times them out, collects idle activations, ends in order.</summary>
internal sealed partial class EmbeddedSilo : IHostedService, IDisposable
{
    private readonly PendingCalls _pending;
    private readonly SiloMessagingOptions _messaging;
    private readonly long _responseTimeout;
    private ITimer? _collection;
    private volatile Status _status = Status.Created;

    public EmbeddedSilo(
        IServiceProvider services,
        TimeProvider time,
        ILogger<EmbeddedSilo> logger,
        IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection)
    {
        Services = services;
        Time = time;
        Logger = logger;
        Collection = collection.Value;
        _messaging = messaging.Value;
        _responseTimeout = ToTimestamp(_messaging.ResponseTimeout);
        Classes = new GrainClassMap(this);
        _pending = new PendingCalls(time, _messaging.ResponseTimeout, Classes.ShortestResponseTimeout(_messaging.ResponseTimeout));
        Factory = new GrainFactory(Classes);
    }

    private enum Status
    {
        Created,
        Running,
        Draining,
        Stopped,
    }

    internal IServiceProvider Services { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal GrainCollectionOptions Collection { get; }

    internal TimeSpan ResponseTimeout => _messaging.ResponseTimeout;

    internal GrainClassMap Classes { get; }

    internal GrainFactory Factory { get; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _collection = Time.CreateUnflowedTimer(_ => CollectIdle(), null, Collection.CollectionQuantum, Collection.CollectionQuantum);
        _status = Status.Running;
        LogStarted(Logger, Classes.Count);
        return Task.CompletedTask;
    }

    /// <summary>Refuses calls from outside, waits for the calls under way, then deactivates every activation.</summary>
    /// <param name="cancellationToken">Ends the patience: what still runs is left alone and its callers receive an error.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_status == Status.Stopped) return;
        _status = Status.Draining;
        try
        {
            foreach (var activation in Classes.Activations) activation.TryDeliver(new StreamsAbort());
            await _pending.WhenDrained().WaitAsync(cancellationToken);
            await DeactivateAllAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogStopCutShort(Logger);
        }

        Dispose();
        LogStopped(Logger);
    }

    public void Dispose()
    {
        _status = Status.Stopped;
        _collection?.Dispose();
        _pending.FailAll(Unavailable);
        _pending.Dispose();
    }

    /// <summary>Sends a call on its way to the activation of a key, or fails it at once.</summary>
    internal void Submit(GrainCall call, GrainClass grainClass, string key)
    {
        if (TryAdmit(call)) grainClass.Deliver(key, call);
    }

    /// <summary>Sends a call that means one activation on its way to it, or fails it at once.</summary>
    internal void Submit(GrainCall call, Activation activation)
    {
        if (TryAdmit(call) && !activation.TryDeliver(call)) call.Fail(new EnumerationAbortedException());
    }

    internal void ThrowIfStopped()
    {
        if (_status == Status.Stopped) throw Unavailable();
    }

    // While the host drains, grains may still call grains: what was accepted must be able to finish.
    private bool Accepts() =>
        _status == Status.Running || (_status == Status.Draining && ReferenceEquals(RuntimeContext.Current?.Silo, this));

    private bool TryAdmit(GrainCall call)
    {
        if (!Accepts())
        {
            call.Fail(Unavailable());
            return false;
        }

        if (call.Token.IsCancellationRequested)
        {
            call.Cancel(call.Token);
            return false;
        }

        call.Context = RequestContext.Current;
        call.RunWhenAbandoned = !_messaging.DropExpiredMessages;
        call.Deadline = Deadline(call.Method.ResponseTimeout);
        _pending.Add(call);

        // A stopping host either finds the call in the list or is seen here.
        if (!Accepts())
        {
            call.Fail(Unavailable());
            return false;
        }

        if (call.Token.CanBeCanceled) call.ObserveCancellation();
        return true;
    }

    private SiloUnavailableException Unavailable() => new(_status switch
    {
        Status.Created => "The host has not been started; grains can be called once it runs.",
        Status.Stopped => "The host has stopped; grains can no longer be called.",
        _ => "The host is stopping; grains can no longer be called.",
    });

    private long Deadline(TimeSpan? own)
    {
        var time = own is { } specific ? ToTimestamp(specific) : _responseTimeout;
        return time == long.MaxValue ? long.MaxValue : Time.GetTimestamp() + time;
    }

    private long ToTimestamp(TimeSpan time) =>
        time == Timeout.InfiniteTimeSpan ? long.MaxValue : (long)Math.Min(long.MaxValue / 4, time.TotalSeconds * Time.TimestampFrequency);

    private void CollectIdle()
    {
        foreach (var activation in Classes.Activations) activation.CollectIfIdle();
    }

    // Grains that end may call others, which then come to life once more: so until none is left.
    private async Task DeactivateAllAsync(CancellationToken cancellationToken)
    {
        while (Classes.Activations.ToList() is { Count: > 0 } activations)
        {
            foreach (var activation in activations)
            {
                activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "The host is stopping."), cancellationToken);
            }

            await Task.WhenAll(activations.Select(static activation => activation.Deactivated)).WaitAsync(cancellationToken);
        }
    }

    [LoggerMessage(EventId = 9010, Level = LogLevel.Information, Message = "The embedded grain host runs {GrainClasses} grain classes")]
    private static partial void LogStarted(ILogger logger, int grainClasses);

    [LoggerMessage(EventId = 9011, Level = LogLevel.Information, Message = "The embedded grain host has stopped")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(EventId = 9012, Level = LogLevel.Warning, Message = "The embedded grain host stopped without waiting for all calls")]
    private static partial void LogStopCutShort(ILogger logger);
}
