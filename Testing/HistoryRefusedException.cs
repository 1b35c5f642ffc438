namespace OrleansMemory.Testing;

/// <summary>A model was sent what the large providers refuse.</summary>
/// <param name="rule">The rule that is broken.</param>
/// <param name="index">The message that breaks it, from 0.</param>
/// <param name="history">The history in short.</param>
public sealed class HistoryRefusedException(ProviderRule rule, int index, string history)
    : Exception(FormattableString.Invariant($"The rule {rule} is broken by message {index} of: {history}"))
{
    /// <summary>The rule that is broken.</summary>
    public ProviderRule Rule { get; } = rule;

    /// <summary>The message that breaks it, from 0.</summary>
    public int Index { get; } = index;
}
