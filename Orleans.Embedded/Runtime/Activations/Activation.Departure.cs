using Orleans.Runtime.Calls;

namespace Orleans.Runtime.Activations;

/// <content>How an activation ends, and how its successor takes over.</content>
internal sealed partial class Activation
{
    private Departure? _leaving;
    private TaskCompletionSource? _deactivated;
    private DateTimeOffset _keepUntil;

    public Task Deactivated
    {
        get
        {
            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var source = Interlocked.CompareExchange(ref _deactivated, created, null) ?? created;
            if (_inbox.IsClosed) source.TrySetResult();
            return source.Task;
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        var departure = new Departure(deactivationReason, cancellationToken);
        if (ReferenceEquals(RuntimeContext.Current, this)) departure.Run(this);
        else TryDeliver(departure);
    }

    internal void DelayDeactivation(TimeSpan time)
    {
        var now = Silo.Time.GetUtcNow();
        if (time == TimeSpan.MaxValue || time == Timeout.InfiniteTimeSpan) _keepUntil = DateTimeOffset.MaxValue;
        else if (time <= TimeSpan.Zero) _keepUntil = default;
        else _keepUntil = time > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + time;
    }

    /// <summary>Ends the activation if it has not been used for the collection age of its class; cheap when it has.</summary>
    internal void CollectIfIdle()
    {
        if (HasBeenIdle) TryDeliver(new IdleCheck());
    }

    private bool HasBeenIdle => Silo.Time.GetElapsedTime(Volatile.Read(ref _lastUsed)) >= Class.CollectionAge;

    private void Leave(Departure leaving)
    {
        AbortStreams();
        if (!_gate.IsIdle) return;
        _stage = Stage.Deactivating;
        _ = DeactivateAsync(leaving);
    }

    private async Task DeactivateAsync(Departure leaving)
    {
        await EndStreamsAsync();
        EndTimers();
        using (var timeout = new CancellationTokenSource(Silo.Collection.DeactivationTimeout, Silo.Time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, leaving.Token))
        {
            try
            {
                if (GrainInstance is IGrainBase grain) await grain.OnDeactivateAsync(leaving.Reason, either.Token).WaitAsync(either.Token);
            }
            catch (Exception exception)
            {
                LogDeactivationFailed(Silo.Logger, Class.Name, exception);
            }

            await DisposeGrainAsync(either.Token);
        }

        Close();
    }

    // With nothing left to do the activation just goes. Otherwise a successor takes its place in the directory first, standing still, so
    // that from then on new calls line up there, behind the ones inherited: each caller's calls stay in order and none is lost.
    private void Close()
    {
        _stage = Stage.Gone;
        var rest = new RequestQueue();
        Inherit(rest, _queue.TakeAll());
        if (rest.IsEmpty && _inbox.TryCloseEmpty())
        {
            Class.Remove(this);
        }
        else
        {
            var successor = new Activation(Class, Key, held: true);
            Class.Replace(this, successor);
            Inherit(rest, _inbox.Close());
            successor.Release(rest);
        }

        Volatile.Read(ref _deactivated)?.TrySetResult();
    }

    private static void Inherit(RequestQueue queue, InboxItem? item)
    {
        while (item is not null)
        {
            var next = item.Next;
            if (item is GrainRequest { IsAbandoned: false } request)
            {
                if (request.IsBoundToActivation) request.Fail(new EnumerationAbortedException());
                else queue.Add(request);
            }

            item = next;
        }
    }

    /// <summary>The order to end.</summary>
    private sealed class Departure(DeactivationReason reason, CancellationToken token) : ActivationCommand
    {
        internal DeactivationReason Reason { get; } = reason;

        internal CancellationToken Token { get; } = token;

        internal override void Run(Activation activation)
        {
            if (activation._leaving is not null || activation._stage >= Stage.Deactivating) return;
            activation._leaving = this;
            if (!activation._pumping) activation._scheduler.RequestPump();
        }
    }

    /// <summary>The order to end if still idle when the order arrives.</summary>
    private sealed class IdleCheck : ActivationCommand
    {
        internal override void Run(Activation activation)
        {
            if (!activation._gate.IsIdle || !activation._queue.IsEmpty) return;
            if (!activation.HasBeenIdle || activation.Silo.Time.GetUtcNow() < activation._keepUntil) return;
            var reason = new DeactivationReason(DeactivationReasonCode.ActivationIdle, "The grain was idle for its collection age.");
            new Departure(reason, CancellationToken.None).Run(activation);
        }
    }
}
