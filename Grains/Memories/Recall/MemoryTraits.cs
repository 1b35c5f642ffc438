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

    /// <summary>It is short and ends with a question.</summary>
    Question = 16,

    /// <summary>It has the name of a place: a word with a capital letter after "in", "at", "to", "from" or "near".</summary>
    Place = 32,

    /// <summary>It has a name: a word with a capital letter inside a sentence.</summary>
    Name = 64,

    /// <summary>It is in the first person.</summary>
    FirstPerson = 128,
}
