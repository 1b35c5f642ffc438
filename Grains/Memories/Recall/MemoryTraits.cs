namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What is noted of a memory when it is put into the index.</summary>
[Flags]
internal enum MemoryTraits
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is a turn: it has neighbours.</summary>
    Turn = 1,

    /// <summary>The user said it.</summary>
    User = 2,

    /// <summary>The assistant said it.</summary>
    Assistant = 4,

    /// <summary>It has a word of time, such as "yesterday" or "weekend".</summary>
    TimeWord = 8,
}
