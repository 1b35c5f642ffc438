namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>A word of a question that memories have.</summary>
/// <param name="Text">Its term.</param>
/// <param name="Term">The number of the term; -1 when memories have only related words.</param>
/// <param name="Related">The numbers of the related terms that memories have.</param>
internal readonly record struct AskedWord(string Text, int Term, int[] Related);
