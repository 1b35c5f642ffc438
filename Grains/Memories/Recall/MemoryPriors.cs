namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What speaks for a memory besides its words: that it tells a time that is asked for, who said it, and when.</summary>
internal sealed class MemoryPriors(RecallMemories memories, RecallWeights weights)
{
    private const double LeastScore = 0.1;

    /// <summary>Applies what is known of the question to the candidates, and adds memories of the dates that it names.</summary>
    /// <param name="question">The question.</param>
    /// <param name="scores">The scores.</param>
    public void Apply(AnalyzedQuery question, CandidateScores scores)
    {
        HashSet<int> naming = question.Speaker is { } named ? FactsNaming(named) : [];
        foreach (int slot in scores.Slots)
        {
            ref MemoryEntry entry = ref memories.Entries[slot];
            double factor = question.AsksTime && entry.Has(MemoryTraits.TimeWord) ? weights.Time : 1;
            bool isMeant = question.Choice switch
            {
                SpeakerChoice.Named => entry.Speaker == question.Speaker!.Number || naming.Contains(slot),
                SpeakerChoice.User => entry.Has(MemoryTraits.User) || (!entry.Has(MemoryTraits.Turn) && !entry.Has(MemoryTraits.Assistant)),
                _ => false,
            };
            scores[slot] *= isMeant ? factor * weights.Speaker : factor;
        }

        if (question.Dates.Count > 0)
        {
            ApplyDates(question.Dates, scores);
        }
    }

    private void ApplyDates(IReadOnlyList<DateSpan> dates, CandidateScores scores)
    {
        for (int slot = 0; slot < memories.Entries.Slots; slot++)
        {
            if (memories.Entries[slot].Id is null)
            {
                continue;
            }

            double fit = 0;
            foreach (DateSpan date in dates)
            {
                fit = Math.Max(fit, date.FitOf(memories.Entries[slot].Day));
            }

            if (fit > 0)
            {
                scores.Add(slot, weights.Date * fit * (scores[slot] + LeastScore));
            }
        }
    }

    /// <summary>Facts whose speaker is not known but that have the name.</summary>
    private HashSet<int> FactsNaming(Speaker speaker)
    {
        var facts = new HashSet<int>();
        int term = memories.Terms.Find(speaker.Term);
        if (term < 0)
        {
            return facts;
        }

        foreach (Posting posting in memories.Terms.PostingsOf(term))
        {
            ref MemoryEntry entry = ref memories.Entries[posting.Slot];
            if (entry.Speaker < 0 && !entry.Has(MemoryTraits.Turn))
            {
                facts.Add(posting.Slot);
            }
        }

        return facts;
    }
}
