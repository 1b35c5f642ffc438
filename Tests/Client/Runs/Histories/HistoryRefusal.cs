namespace OrleansMemory.Tests.Client.Runs.Histories;

/// <summary>A history that a model was fed and refused, or that could not be fed.</summary>
/// <param name="Seed">The seed that replays it.</param>
/// <param name="Way">The way in which the model was fed, or the step that failed.</param>
/// <param name="Steps">What had made the log.</param>
/// <param name="Log">The log in short.</param>
/// <param name="Failure">What went wrong.</param>
internal sealed record HistoryRefusal(int Seed, string Way, IReadOnlyList<string> Steps, string Log, Exception Failure)
{
    /// <summary>What histories that failed for one reason have in common.</summary>
    public string Cause => $"{Way}: {(Failure is HistoryRefusedException refused ? refused.Rule.ToString() : Failure.GetType().Name)}";

    /// <inheritdoc />
    public override string ToString() =>
        $"seed {Seed}, {Way}\n  steps: {string.Join("; ", Steps)}\n  log: {Log}\n  {Failure.GetType().Name}: {Failure.Message}"
        + (Failure is HistoryRefusedException ? "" : "\n" + Failure.StackTrace);
}
