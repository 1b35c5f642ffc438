using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>Who said the memories of an index.</summary>
internal sealed class SpeakerTable
{
    private const int MaxNameTokens = 8;

    private readonly Dictionary<string, Speaker> _speakers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Speaker>> _byFirstWord = new(StringComparer.Ordinal);

    /// <summary>All speakers, in no order.</summary>
    public IReadOnlyCollection<Speaker> All => _speakers.Values;

    /// <summary>The speakers whose name starts with a word, in no order.</summary>
    /// <param name="word">The word, folded.</param>
    /// <returns>The speakers.</returns>
    public IReadOnlyList<Speaker> StartingWith(string word) => _byFirstWord.TryGetValue(word, out List<Speaker>? speakers) ? speakers : [];

    /// <summary>Counts a memory of a speaker. Names with the same words are one.</summary>
    /// <param name="name">The name; <see langword="null"/> for none.</param>
    /// <returns>The speaker; <see langword="null"/> for a name without letters or digits.</returns>
    public Speaker? Add(string? name)
    {
        string[] words = name is null ? [] : [.. RecallTokenizer.Tokenize(name, MaxNameTokens).Select(token => token.Text)];
        if (words.Length == 0)
        {
            return null;
        }

        string key = string.Join(' ', words);
        if (!_speakers.TryGetValue(key, out Speaker? speaker))
        {
            speaker = new Speaker(key, words);
            _speakers.Add(key, speaker);
            if (!_byFirstWord.TryGetValue(words[0], out List<Speaker>? namesakes))
            {
                _byFirstWord.Add(words[0], namesakes = []);
            }

            namesakes.Add(speaker);
        }

        speaker.Memories++;
        return speaker;
    }

    /// <summary>Takes a memory from a speaker.</summary>
    /// <param name="speaker">The speaker; <see langword="null"/> for none.</param>
    public void Remove(Speaker? speaker)
    {
        if (speaker is null || --speaker.Memories > 0)
        {
            return;
        }

        _speakers.Remove(speaker.Name);
        List<Speaker> namesakes = _byFirstWord[speaker.Words[0]];
        namesakes.Remove(speaker);
        if (namesakes.Count == 0)
        {
            _byFirstWord.Remove(speaker.Words[0]);
        }
    }
}

/// <summary>Somebody who said something.</summary>
/// <param name="name">The name, folded.</param>
/// <param name="words">Its words; at least one.</param>
internal sealed class Speaker(string name, string[] words)
{
    /// <summary>The name, folded.</summary>
    public string Name => name;

    /// <summary>Its words; at least one.</summary>
    public string[] Words => words;

    /// <summary>The term by which facts name this speaker: that of the first word.</summary>
    public string Term { get; } = RecallTerms.Of(new Token(words[0], TokenKind.Word, 0, 0));

    /// <summary>How many memories this speaker has.</summary>
    public int Memories { get; set; }
}
