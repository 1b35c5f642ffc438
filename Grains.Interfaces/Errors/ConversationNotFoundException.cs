using OrleansMemory.Conversations;

namespace OrleansMemory.Errors;

/// <summary>There is no such conversation, or it has expired or been deleted.</summary>
[GenerateSerializer, Alias("OrleansMemory.ConversationNotFoundException")]
public sealed class ConversationNotFoundException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="key">Which conversation was asked for.</param>
    public ConversationNotFoundException(ConversationKey key)
        : base("There is no such conversation. A committed turn creates it.") => Key = key;

    /// <summary>Which conversation was asked for.</summary>
    [Id(0)]
    public ConversationKey Key { get; }
}
