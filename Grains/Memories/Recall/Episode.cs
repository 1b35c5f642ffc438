namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>An episode: its turns in order.</summary>
/// <param name="name">What the memories call it.</param>
/// <param name="number">Its number among the episodes of the index.</param>
internal sealed class Episode(string name, int number)
{
    /// <summary>What the memories call it.</summary>
    public string Name => name;

    /// <summary>Its number.</summary>
    public int Number => number;

    /// <summary>The slots of its turns, in order.</summary>
    public List<int> Turns { get; } = [];

    /// <summary>How many memories name it, facts included.</summary>
    public int References { get; set; }

    /// <summary>The length of its turns together.</summary>
    public double Length { get; set; }
}
