namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>The kinds of memory that a conversation has. Each is stored apart from the others.</summary>
public enum ConversationMemoryType
{
    /// <summary><c>WORKING_MEMORY</c>: the digest of the conversation that is at hand now. The default.</summary>
    WorkingMemory = 0,

    /// <summary><c>SHORT_TERM_MEMORY</c>: what was said lately.</summary>
    ShortTermMemory = 1,

    /// <summary><c>LONG_TERM_MEMORY</c>: what is to be kept.</summary>
    LongTermMemory = 2,
}
