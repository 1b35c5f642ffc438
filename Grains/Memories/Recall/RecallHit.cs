namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>One result.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Score">How well it fits, more is better. It compares results of one question, nothing else.</param>
internal readonly record struct RecallHit(string Id, double Score);
