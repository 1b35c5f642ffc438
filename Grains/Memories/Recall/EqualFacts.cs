namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Facts of one owner that say the same with the same words. Of these a recall gives the newest one.</summary>
/// <param name="key">What they have in common.</param>
internal sealed class EqualFacts(UInt128 key)
{
    /// <summary>What they have in common.</summary>
    public UInt128 Key => key;

    /// <summary>The facts, in no order.</summary>
    public List<int> Slots { get; } = new(1);
}
