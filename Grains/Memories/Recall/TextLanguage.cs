namespace OrleansMemory.Grains.Memories.Recall;

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
