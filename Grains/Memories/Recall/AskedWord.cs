namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>A word of a question, in the terms that memories have for it.</summary>
/// <param name="Text">Its term in the question.</param>
/// <param name="Terms">The numbers of the terms that are the word itself, in any language; none when memories have only related words.</param>
/// <param name="Related">The numbers of the related terms.</param>
internal readonly record struct AskedWord(string Text, int[] Terms, int[] Related);
