namespace OrleansMemory.Client.Windows;

/// <summary>How a window is chosen.</summary>
/// <param name="Budget">The bounds.</param>
/// <param name="Reserved">What else must fit.</param>
/// <param name="IsPlain">
/// Whether all messages count alike, system messages too, nothing goes over the bounds and the input does not count: then the window is the
/// newest part of the log without a hole.
/// </param>
internal sealed record WindowRules(WindowBudget Budget, WindowSize Reserved, Func<string, int> CountTokens, bool IsPlain);
