using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime.Calls;

namespace Orleans.Runtime.Activations;

/// <summary>One grain in memory: its inbox, its queue, its turns.</summary>
/// <remarks>
/// Callers touch the inbox only. Everything else is touched on the activation's scheduler, which runs one piece of code at a time, and
/// so needs no lock. <see cref="Pump"/> is the only place where requests start and where the activation changes its stage of life.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The timer that watches the streams is disposed with the last stream.")]
internal sealed partial class Activation : IGrainContext
{
    // After so many requests in one go the continuations of earlier ones get a chance.
    private const int RequestsPerPump = 256;

    private readonly ActivationScheduler _scheduler;
    private readonly TurnGate _gate;
    private RequestQueue _queue = new();
    private Inbox _inbox;
    private Stage _stage = Stage.New;
    private bool _held;
    private bool _pumping;
    private long _lastUsed;

    /// <param name="grainClass">The class of the grain.</param>
    /// <param name="key">The key of the grain.</param>
    /// <param name="held">Whether the activation stands still until <see cref="Release"/>.</param>
    internal Activation(GrainClass grainClass, string key, bool held)
    {
        Class = grainClass;
        Key = key;
        _held = held;
        _gate = new TurnGate(grainClass.Reentrant);
        _scheduler = new ActivationScheduler(this);
        _lastUsed = Silo.Time.GetTimestamp();
    }

    private enum Stage
    {
        New,
        Activating,
        Active,
        Deactivating,
        Gone,
    }

    internal GrainClass Class { get; }

    internal EmbeddedSilo Silo => Class.Silo;

    internal string Key { get; }

    /// <summary>The grain object, for a request that starts.</summary>
    internal object Target => GrainInstance!;

    public object? GrainInstance { get; private set; }

    public GrainId GrainId => new(Class.GrainType, IdSpan.Create(Key));

    public GrainReference GrainReference => GrainFactory.GetReference(Class, Key);

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override string ToString() => $"Activation of {Class.Name}";

    /// <summary>Takes an item in.</summary>
    /// <returns>False when the activation is gone.</returns>
    internal bool TryDeliver(InboxItem item)
    {
        if (!_inbox.TryPush(item, out var wasEmpty)) return false;
        if (wasEmpty) _scheduler.RequestPump();
        return true;
    }

    /// <summary>Reports the end of a request that was started; called on the activation's scheduler.</summary>
    internal void Finish(GrainRequest request)
    {
        _gate.Leave(request);
        if (request.KeepsAlive) Touch();
        if (!_pumping && (!_queue.IsEmpty || _leaving is not null)) _scheduler.RequestPump();
    }

    /// <summary>Reports that a call failed after its caller had stopped waiting.</summary>
    internal void OnLateFailure(GrainCall call, Exception? exception) => LogLateFailure(Silo.Logger, call.Method.Name, exception);

    /// <summary>Takes in what came, starts what may start, moves on to the next stage of life when it is time.</summary>
    internal void Pump()
    {
        if (Volatile.Read(ref _held)) return;
        _pumping = true;
        try
        {
            Accept();
            if (_stage == Stage.New) Begin();
            if (_stage == Stage.Active && _leaving is null) StartRequests();
            if (_stage == Stage.Active && _leaving is { } leaving) Leave(leaving);
        }
        catch (Exception exception)
        {
            // Grain code cannot get here; what does is a fault of this host and must not pass in silence.
            LogPumpFailed(Silo.Logger, Class.Name, exception);
        }
        finally
        {
            _pumping = false;
        }
    }

    /// <summary>Lets an activation that was held begin, with requests that come before those in its inbox.</summary>
    internal void Release(RequestQueue inherited)
    {
        _queue = inherited;
        Volatile.Write(ref _held, false);
        _scheduler.RequestPump();
    }

    private void Touch() => Volatile.Write(ref _lastUsed, Silo.Time.GetTimestamp());

    private void Accept()
    {
        List<ActivationCommand>? commands = null;
        for (var item = _inbox.Take(); item is not null;)
        {
            var next = item.Next;
            item.Next = null;
            if (item is GrainRequest request) _queue.Add(request);
            else (commands ??= []).Add((ActivationCommand)item);
            item = next;
        }

        if (commands is null) return;
        foreach (var command in commands) command.Run(this);
    }

    private void StartRequests()
    {
        var clean = ExecutionContext.Capture()!;
        for (var i = 0; i < RequestsPerPump && _leaving is null; i++)
        {
            if (_queue.Take(_gate) is not { } request) return;
            if (request.IsAbandoned) continue;
            _gate.Enter(request);
            if (request.Context is { } context) RequestContext.Current = context;
            request.Start(this);

            // What one request left in the flow of execution is no business of the next.
            if (!ReferenceEquals(ExecutionContext.Capture(), clean)) ExecutionContext.Restore(clean);
        }

        if (!_queue.IsEmpty) _scheduler.RequestPump();
    }
}
