namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>A word of a question as memories may have it.</summary>
/// <param name="Text">Its term in the language of the question.</param>
/// <param name="Others">Its terms in other languages of memories.</param>
/// <param name="IsPrefix">Whether terms that start with it are meant: one character of a script without spaces.</param>
internal sealed record QueryTerm(string Text, IReadOnlyList<string> Others, bool IsPrefix = false);
