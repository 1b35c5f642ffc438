namespace OrleansMemory.Memories;

/// <summary>What a memory is.</summary>
/// <remarks>Stored by number: a number is never used again for something else.</remarks>
[GenerateSerializer, Alias("OrleansMemory.MemoryKind")]
public enum MemoryKind
{
    /// <summary>Something that was said in a conversation, word for word.</summary>
    Turn = 0,

    /// <summary>Something worth knowing by itself: saved by an agent or a caller, or distilled from turns.</summary>
    Fact = 1,
}
