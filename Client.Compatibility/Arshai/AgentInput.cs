namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>What an agent is given: a message, and what it belongs to.</summary>
public sealed record AgentInput
{
    /// <summary>The message.</summary>
    public required string Message { get; init; }

    /// <summary>
    /// The caller's own properties. <c>conversation_id</c> names the conversation; all of them are stored as the metadata of its memory.
    /// <see langword="null"/> for none.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? Metadata { get; init; }
}
