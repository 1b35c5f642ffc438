namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>What a memory agent answers, and what became of the memory.</summary>
/// <param name="Text">
/// The answer; <see langword="null"/> when there is none, because of an error that <paramref name="Status"/> names.
/// </param>
/// <param name="Status">
/// <c>success</c> when the memory was updated, else <c>error: </c> and why; see <see cref="WorkingMemoryAgent.ProcessAsync"/>.
/// </param>
public sealed record AgentAnswer(string? Text, string Status);
