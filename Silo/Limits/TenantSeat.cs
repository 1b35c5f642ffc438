namespace OrleansMemory.Silo.Limits;

/// <summary>A request in its tenant's <see cref="TenantQueue"/>, which alone changes it.</summary>
internal sealed class TenantSeat
{
    private TaskCompletionSource? _waiting;

    /// <summary>Ends when it is the request's turn.</summary>
    public Task Turn => _waiting?.Task ?? Task.CompletedTask;

    /// <summary>Whether it is worked on and others wait for it.</summary>
    public bool IsCounted { get; set; }

    /// <summary>When it began, as the queue's clock has it.</summary>
    public long Began { get; private set; }

    /// <summary>Begins the work.</summary>
    public void Begin(long now)
    {
        IsCounted = true;
        Began = now;
        _waiting?.SetResult();
    }

    /// <summary>Has the request wait, unless its work has begun.</summary>
    public void WaitUnlessBegun()
    {
        if (!IsCounted)
        {
            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
