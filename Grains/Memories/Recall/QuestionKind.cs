namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What a question asks for.</summary>
internal enum QuestionKind
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>A time.</summary>
    Time,

    /// <summary>A place.</summary>
    Place,
}
