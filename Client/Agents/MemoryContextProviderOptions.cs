using System.ComponentModel.DataAnnotations;
using OrleansMemory.Conversations;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Agents;

/// <summary>Whose memories a <see cref="MemoryContextProvider"/> keeps, and how it gives them to a model. They are read once.</summary>
public sealed class MemoryContextProviderOptions
{
    /// <summary>The agent whose memories these are.</summary>
    /// <value>Default: <see langword="null"/>, every one. The rules are those of <see cref="MemoryScope"/>.</value>
    public string? AgentId { get; set; }

    /// <summary>The user whose memories these are.</summary>
    /// <value>Default: <see langword="null"/>, every one. The rules are those of <see cref="MemoryScope"/>.</value>
    public string? UserId { get; set; }

    /// <summary>
    /// The application whose memories these are: those that an application with this id recorded, as their metadata <c>application_id</c> says. An application
    /// without agent, user and thread takes the agent's place, under the name <c>application:</c> and its id.
    /// </summary>
    /// <value>Default: <see langword="null"/>, every one.</value>
    public string? ApplicationId { get; set; }

    /// <summary>The thread whose memories these are: their session. Not used with <see cref="ScopeToPerOperationThreadId"/>.</summary>
    /// <value>Default: <see langword="null"/>, every one. The rules are those of <see cref="MemoryScope"/>.</value>
    public string? ThreadId { get; set; }

    /// <summary>
    /// Whether each thread has memories of its own, which no other thread sees. A provider serves one thread then, the first it is used with.
    /// </summary>
    /// <value>Default: <see langword="false"/>: all threads share them.</value>
    public bool ScopeToPerOperationThreadId { get; set; }

    /// <summary>The tenant of the memories.</summary>
    /// <value>Default: <see langword="null"/>, the client's default tenant. The rules are those of <see cref="ConversationKey"/>.</value>
    public string? Tenant { get; set; }

    /// <summary>What stands before the memories.</summary>
    /// <value>Default: <see cref="ContextProvider.DefaultContextPrompt"/>.</value>
    [Required]
    public string ContextPrompt { get; set; } = ContextProvider.DefaultContextPrompt;

    /// <summary>How the memories are given to the model.</summary>
    /// <value>Default: <see cref="MemoryChannel.Message"/>.</value>
    [EnumDataType(typeof(MemoryChannel))]
    public MemoryChannel Channel { get; set; }

    /// <summary>How many memories a run is given at most.</summary>
    /// <value>Default: 10. Range: 1 to 1,000.</value>
    [Range(1, 1_000)]
    public int Limit { get; set; } = 10;

    /// <summary>The only kind of memories to give.</summary>
    /// <value>Default: <see langword="null"/>, both.</value>
    public MemoryKind? Kind { get; set; }

    /// <summary>Whether what is said is recorded. Without it memories come from elsewhere, such as the tools of MassGen's persistent memory.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool RecordsRuns { get; set; } = true;

    /// <summary>How long what is recorded lives, more than zero.</summary>
    /// <value>Default: <see langword="null"/>, as long as the grains' <c>MemoryOptions.DefaultTimeToLive</c> says.</value>
    [Range(typeof(TimeSpan), "00:00:00.000001", "36500.00:00:00")]
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>What becomes of a run whose memories cannot be read or recorded.</summary>
    /// <value>Default: <see cref="MemoryFailureHandling.Skip"/>.</value>
    [EnumDataType(typeof(MemoryFailureHandling))]
    public MemoryFailureHandling FailureHandling { get; set; }

    /// <summary>The options as they are now, out of the caller's reach.</summary>
    internal MemoryContextProviderOptions Copy() => (MemoryContextProviderOptions)MemberwiseClone();
}
