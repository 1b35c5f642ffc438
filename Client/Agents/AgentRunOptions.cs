using Microsoft.Extensions.AI;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Agents;

/// <summary>What is special about one run.</summary>
public sealed class AgentRunOptions
{
    /// <summary>The model's options in place of the agent's; <see langword="null"/> takes those. The agent's instructions and tools come first in any case.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public ChatOptions? ChatOptions { get; set; }

    /// <summary>
    /// Names the run, so that a run that is started again under the same id is never stored twice. When it has been stored and the model answers otherwise
    /// this time, the run ends with a <see cref="TurnConflictException"/>; <see langword="null"/> names a new run.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? TurnId { get; set; }
}
