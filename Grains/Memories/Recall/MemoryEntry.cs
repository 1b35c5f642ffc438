using System.Runtime.InteropServices;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What the index keeps of one memory.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MemoryEntry
{
    /// <summary>Its identity.</summary>
    public string Id;

    /// <summary>The terms of its text in their order, then those of its caption.</summary>
    public int[] Terms;

    /// <summary>How many of <see cref="Terms"/> are of the text.</summary>
    public int TextTerms;

    /// <summary>What it is part of.</summary>
    public Episode? Episode;

    /// <summary>Where it stands there.</summary>
    public long Position;

    /// <summary>Who said it; <see langword="null"/>: not known.</summary>
    public Speaker? Speaker;

    /// <summary>When it was said, in UTC ticks.</summary>
    public long OccurredTicks;

    /// <summary>The facts that say the same, itself included; <see langword="null"/>: it is no fact.</summary>
    public EqualFacts? Same;

    /// <summary>The language of its text.</summary>
    public TextLanguage Language;

    /// <summary>What else is known of it.</summary>
    public MemoryTraits Traits;

    /// <summary>The UTC date on which it was said, in days.</summary>
    public readonly int Day => (int)(OccurredTicks / TimeSpan.TicksPerDay);

    /// <summary>Whether it has a trait.</summary>
    /// <param name="trait">The trait.</param>
    /// <returns>Whether it has.</returns>
    public readonly bool Has(MemoryTraits trait) => (Traits & trait) != MemoryTraits.None;
}
