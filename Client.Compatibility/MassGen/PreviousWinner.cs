namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>An agent that won an earlier turn, and whose memories of it others may read.</summary>
/// <param name="AgentName">The agent.</param>
/// <param name="Turn">
/// The turn it won: only memories whose metadata has this <c>turn</c> are read. <see langword="null"/> reads all of the agent's.
/// </param>
public sealed record PreviousWinner(string AgentName, int? Turn = null);
