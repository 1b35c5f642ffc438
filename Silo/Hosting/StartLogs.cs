namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// Tells the logs whether the silo has started. Until then the host's own report of a failure, a stack trace, is left out: the program says
/// what is wrong.
/// </summary>
internal sealed class StartLogs
{
    private volatile bool _hasStarted;

    /// <summary>Whether the silo has started.</summary>
    public bool HasStarted => _hasStarted;

    /// <summary>The silo has started.</summary>
    public void Start() => _hasStarted = true;
}
