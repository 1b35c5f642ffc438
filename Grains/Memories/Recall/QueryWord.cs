namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>A word of a question.</summary>
/// <param name="Text">Its folded form.</param>
/// <param name="Term">What memories have of it; <see langword="null"/> when it is a stop word.</param>
/// <param name="IsCapital">Whether it is written with a capital letter.</param>
/// <param name="IsPossessive">Whether an apostrophe follows it, as in "Ann's".</param>
internal readonly record struct QueryWord(string Text, QueryTerm? Term, bool IsCapital, bool IsPossessive);
