namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>A memory and how well it fits.</summary>
/// <param name="Slot">The memory.</param>
/// <param name="Score">How well it fits.</param>
internal readonly record struct ScoredSlot(int Slot, double Score);
