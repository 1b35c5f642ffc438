namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>A language whose endings are known. A text of any other one keeps its words, as far as they do not look English.</summary>
internal enum TextLanguage
{
    /// <summary>English, and every language of Latin script that is not told apart.</summary>
    English,

    /// <summary>German.</summary>
    German,

    /// <summary>French.</summary>
    French,

    /// <summary>Spanish.</summary>
    Spanish,
}

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
