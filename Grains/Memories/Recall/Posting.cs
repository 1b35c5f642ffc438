namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>That a memory has a term.</summary>
/// <param name="Slot">The memory.</param>
/// <param name="Weight">How often, words of a caption counted by their weight: a multiple of 1/256.</param>
internal readonly record struct Posting(int Slot, float Weight);
