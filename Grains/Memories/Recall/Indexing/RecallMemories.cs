using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>What an index holds: the memories, their terms, episodes, lengths and speakers, always in step.</summary>
internal sealed class RecallMemories
{
    private readonly ContextWeights _weights;
    private readonly List<int> _terms = [];

    /// <summary>Starts with none.</summary>
    /// <param name="weights">What words count by where they stand.</param>
    public RecallMemories(ContextWeights weights)
    {
        _weights = weights;
        Episodes = new EpisodeTable(Entries);
        Lengths = new ContextLengths(weights, Entries, Episodes);
        Same = new EqualFactTable(Entries);
    }

    /// <summary>The memories by slot.</summary>
    public MemoryEntries Entries { get; } = new();

    /// <summary>Their terms.</summary>
    public TermTable Terms { get; } = new();

    /// <summary>Their speakers.</summary>
    public SpeakerTable Speakers { get; } = new();

    /// <summary>Their languages.</summary>
    public LanguageCounts Languages { get; } = new();

    /// <summary>Their episodes.</summary>
    public EpisodeTable Episodes { get; }

    /// <summary>Which of them say the same.</summary>
    public EqualFactTable Same { get; }

    /// <summary>Their lengths.</summary>
    public ContextLengths Lengths { get; }

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes =>
        Entries.EstimatedBytes + Terms.EstimatedBytes + Episodes.EstimatedBytes + Lengths.EstimatedBytes + Same.EstimatedBytes;

    /// <summary>Adds a memory that is not there.</summary>
    /// <param name="document">The memory.</param>
    public void Add(RecallDocument document)
    {
        List<Token> text = RecallTokenizer.Tokenize(document.Text, RecallIndex.MaxDocumentTokens);
        List<Token> caption =
            document.Caption is null || _weights.Caption == 0
                ? []
                : RecallTokenizer.Tokenize(document.Caption, RecallIndex.MaxDocumentTokens - text.Count);
        MemoryEntry entry = Read(document, text, caption);
        int slot = Entries.Add(entry);
        Same.Add(slot, document, text, caption);
        double length = 0;
        for (int i = 0; i < entry.Terms.Length; i++)
        {
            float weight = i < entry.TextTerms ? 1 : _weights.Caption;
            length += weight;
            Terms.Add(entry.Terms[i], slot, weight);
        }

        Lengths.Put(slot, length);
        Episodes.Join(slot, document.Episode, length);
        Lengths.MeasureAround(slot);
    }

    /// <summary>Takes a memory out.</summary>
    /// <param name="slot">Its slot.</param>
    public void Remove(int slot)
    {
        MemoryEntry entry = Entries[slot];
        foreach (int term in entry.Terms.Distinct())
        {
            Terms.Remove(term, slot);
        }

        (int before, int after) = (Episodes.Previous[slot], Episodes.Next[slot]);
        Episodes.Leave(slot, Lengths.Own(slot));
        Lengths.Remove(slot);
        Lengths.MeasureAround(before);
        Lengths.MeasureAround(after);
        Same.Remove(slot);
        Speakers.Remove(entry.Speaker);
        Languages.Remove(entry.Language);
        Entries.Remove(slot);
    }

    private MemoryEntry Read(RecallDocument document, List<Token> text, List<Token> caption)
    {
        TextLanguage language = FunctionWords.LanguageOf(text);
        Languages.Add(language);
        _terms.Clear();
        AddTerms(text, language);
        int textTerms = _terms.Count;
        AddTerms(caption, FunctionWords.LanguageOf(caption));
        return new MemoryEntry
        {
            Id = document.Id,
            Terms = [.. _terms],
            TextTerms = textTerms,
            Position = document.Position,
            Speaker = Speakers.Add(document.Speaker),
            OccurredTicks = document.OccurredAt.UtcTicks,
            Language = language,
            Traits = TraitReader.Read(document, text, textTerms),
        };
    }

    private void AddTerms(List<Token> tokens, TextLanguage language)
    {
        foreach (Token token in tokens)
        {
            if (RecallTerms.Of(token, language) is { Length: > 0 } term)
            {
                _terms.Add(Terms.NumberOf(term));
            }
        }
    }
}
