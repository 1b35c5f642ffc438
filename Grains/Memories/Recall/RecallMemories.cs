using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What an index holds: the memories, their terms, episodes, lengths and speakers, always in step.</summary>
/// <param name="weights">What words count by where they stand.</param>
internal sealed class RecallMemories(ContextWeights weights)
{
    /// <summary>The memories by slot.</summary>
    public MemoryEntries Entries { get; } = new();

    /// <summary>Their terms.</summary>
    public TermTable Terms { get; } = new();

    /// <summary>Their speakers.</summary>
    public SpeakerTable Speakers { get; } = new();

    /// <summary>Their lengths.</summary>
    public ContextLengths Lengths { get; } = new(weights);

    /// <summary>Their episodes.</summary>
    public EpisodeTable Episodes => _episodes ??= new EpisodeTable(Entries);

    private EpisodeTable? _episodes;

    /// <summary>Adds a memory that is not there.</summary>
    /// <param name="document">The memory.</param>
    public void Add(RecallDocument document)
    {
        MemoryEntry entry = Read(document);
        int slot = Entries.Add(entry);
        double length = 0;
        for (int i = 0; i < entry.Terms.Length; i++)
        {
            float weight = i < entry.TextTerms ? 1 : weights.Caption;
            length += weight;
            Terms.Add(entry.Terms[i], slot, weight);
        }

        Lengths.Put(slot, length, Entries.Capacity);
        Episodes.Join(slot, document.Episode, length);
        Lengths.MeasureAround(slot, Episodes);
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
        if (before >= 0)
        {
            Lengths.MeasureAround(before, Episodes);
        }

        if (after >= 0)
        {
            Lengths.MeasureAround(after, Episodes);
        }

        Speakers.Remove(entry.Speaker);
        Entries.Remove(slot);
    }

    private MemoryEntry Read(RecallDocument document)
    {
        List<Token> text = Tokenizer.Tokenize(document.Text, RecallIndex.MaxDocumentTokens);
        List<Token> caption = document.Caption is null || weights.Caption == 0 ? [] : Tokenizer.Tokenize(document.Caption, RecallIndex.MaxDocumentTokens - text.Count);
        var terms = new List<int>(text.Count + caption.Count);
        AddTerms(text, terms);
        int textTerms = terms.Count;
        AddTerms(caption, terms);
        return new MemoryEntry
        {
            Id = document.Id,
            Terms = [.. terms],
            TextTerms = textTerms,
            Position = document.Position,
            Speaker = Speakers.Add(document.Speaker),
            OccurredTicks = document.OccurredAt.UtcTicks,
            Traits = TraitsOf(document, text),
        };
    }

    private void AddTerms(List<Token> tokens, List<int> terms)
    {
        foreach (Token token in tokens)
        {
            if (RecallTerms.Of(token) is { Length: > 0 } term)
            {
                terms.Add(Terms.NumberOf(term));
            }
        }
    }

    private static MemoryTraits TraitsOf(RecallDocument document, List<Token> text) =>
        (document.Kind == RecallKind.Turn ? MemoryTraits.Turn : MemoryTraits.None)
        | (string.Equals(document.Role, "user", StringComparison.OrdinalIgnoreCase) ? MemoryTraits.User : MemoryTraits.None)
        | (string.Equals(document.Role, "assistant", StringComparison.OrdinalIgnoreCase) ? MemoryTraits.Assistant : MemoryTraits.None)
        | (text.Exists(token => TimeWords.Contains(token.Text)) ? MemoryTraits.TimeWord : MemoryTraits.None);
}
