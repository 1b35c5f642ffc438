namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What a memory is.</summary>
internal enum RecallKind
{
    /// <summary>Something that was said, recorded as it was.</summary>
    Turn,

    /// <summary>Something known, written down by itself.</summary>
    Fact,
}
