namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Which languages the memories of an index are written in.</summary>
internal sealed class LanguageCounts
{
    private readonly int[] _memories = new int[Enum.GetValues<TextLanguage>().Length];

    /// <summary>The languages of memories that are there, in the order of their values.</summary>
    public IReadOnlyList<TextLanguage> Present { get; private set; } = [];

    /// <summary>Counts a memory.</summary>
    /// <param name="language">Its language.</param>
    public void Add(TextLanguage language)
    {
        if (_memories[(int)language]++ == 0)
        {
            Update();
        }
    }

    /// <summary>Takes a memory out.</summary>
    /// <param name="language">Its language.</param>
    public void Remove(TextLanguage language)
    {
        if (--_memories[(int)language] == 0)
        {
            Update();
        }
    }

    private void Update() => Present = [.. Enum.GetValues<TextLanguage>().Where(language => _memories[(int)language] > 0)];
}
