using OrleansMemory.Conversations;

namespace OrleansMemory.Errors;

/// <summary>A fork or an import names a conversation that exists already. Nothing was written.</summary>
[GenerateSerializer, Alias("OrleansMemory.ConversationExistsException")]
public sealed class ConversationExistsException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="key">The conversation that exists.</param>
    public ConversationExistsException(ConversationKey key)
        : base("A conversation of this id exists already. Choose another id, or delete it first.") => Key = key;

    /// <summary>The conversation that exists.</summary>
    [Id(0)]
    public ConversationKey Key { get; }
}
