namespace OrleansMemory.Client.AgentFramework;

/// <summary>What the history of a run tells the agent that makes it durable.</summary>
internal sealed class DurableRun
{
    private static readonly AsyncLocal<DurableRun?> CurrentRun = new();

    private volatile bool _isLost;

    /// <summary>The run that this code runs in; <see langword="null"/> when no durable one is.</summary>
    public static DurableRun? Current => CurrentRun.Value;

    /// <summary>Whether another run was stored under the turn id first.</summary>
    public bool IsLost => _isLost;

    /// <summary>Tells that another run was stored first.</summary>
    public void Lose() => _isLost = true;

    /// <summary>Makes the run the current one of the calling async method, and of all that it calls.</summary>
    public void Enter() => CurrentRun.Value = this;
}
