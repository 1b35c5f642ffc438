namespace Orleans.Runtime.Calls;

/// <summary>A request with a caller who waits for the outcome, for a limited time.</summary>
/// <remarks>
/// The outcome is set once, by whoever comes first: the grain, the clock, the caller's token or the host. Everybody else's attempt
/// is void; the grain code runs to its end in any case.
/// </remarks>
internal abstract class GrainCall : GrainRequest
{
    private CancellationTokenRegistration _cancellation;

    /// <summary>The method called; set before the call is submitted.</summary>
    internal GrainMethod Method { get; set; } = null!;

    /// <summary>The caller's token, which is also the method's argument.</summary>
    internal CancellationToken Token { get; set; }

    /// <summary>When the caller stops waiting, in <see cref="TimeProvider.GetTimestamp"/> units.</summary>
    internal long Deadline { get; set; }

    /// <summary>Where the call is listed while it is pending; null before and after. Guarded, like its links, by that list.</summary>
    internal PendingCallList? PendingList { get; set; }

    internal GrainCall? PendingNext { get; set; }

    internal GrainCall? PendingPrevious { get; set; }

    /// <summary>Whether a call whose caller has stopped waiting is still to be run.</summary>
    internal bool RunWhenAbandoned { get; set; }

    internal override bool AlwaysInterleave => Method.AlwaysInterleave;

    internal override bool ReadOnly => Method.ReadOnly;

    internal override bool IsAbandoned => IsSettled && !RunWhenAbandoned;

    /// <summary>Whether the outcome is set.</summary>
    internal abstract bool IsSettled { get; }

    internal override void Fail(Exception exception)
    {
        if (TrySetException(exception)) Release();
    }

    /// <summary>Lets the caller's token end the waiting.</summary>
    internal void ObserveCancellation()
    {
        _cancellation = Token.UnsafeRegister(static (state, token) => ((GrainCall)state!).Cancel(token), this);

        // The token may have fired, or the time run out, before the registration was stored.
        if (IsSettled) _cancellation.Unregister();
    }

    internal void Cancel(CancellationToken token)
    {
        if (TrySetCanceled(token)) Release();
    }

    protected abstract bool TrySetException(Exception exception);

    protected abstract bool TrySetCanceled(CancellationToken token);

    /// <summary>Forgets the waiting; to be called by whoever has set the outcome.</summary>
    protected void Release()
    {
        PendingList?.Remove(this);
        if (Token.CanBeCanceled) _cancellation.Unregister();
    }
}
