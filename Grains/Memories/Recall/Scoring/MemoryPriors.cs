using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Memories.Recall.Query;

namespace OrleansMemory.Grains.Memories.Recall.Scoring;

/// <summary>What speaks for a memory besides its words: when it was said, who said it, and what kind of thing it tells.</summary>
/// <param name="memories">The memories.</param>
/// <param name="weights">How much each sign counts.</param>
internal sealed class MemoryPriors(RecallMemories memories, RecallWeights weights)
{
    // Fewer words than these are mostly thanks and greetings.
    private const int LeastTelling = 3;

    /// <summary>Adds memories of the dates that a question names, and applies what is known of it to all candidates.</summary>
    /// <param name="question">The question.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="trace">Is told of each step; <see langword="null"/> for none.</param>
    public void Apply(AnalyzedQuery question, CandidateScores scores, ScoreTrace? trace)
    {
        if (question.Dates.Count > 0)
        {
            ApplyDates(question.Dates, scores);
            trace?.AfterDates(scores);
        }

        // Without anything that is asked for, the newest come first, whatever they tell.
        bool isAsked = question.Words.Count > 0 || question.Dates.Count > 0;
        HashSet<int> naming = question.Speaker is { } speaker ? FactsNaming(speaker) : [];
        foreach (int slot in scores.Slots)
        {
            ref MemoryEntry entry = ref memories.Entries[slot];
            double telling = isAsked ? TellingFactor(question.Kind, entry) : 1;
            double said = SpeakerFactor(question, entry, naming.Contains(slot));
            scores[slot] *= telling * said;
            trace?.Multiplied(slot, telling, said);
        }
    }

    /// <summary>
    /// How much a memory tells of somebody in general: facts most, then what people say of themselves, questions and short remarks least.
    /// </summary>
    /// <param name="entry">The memory.</param>
    /// <returns>More than 0.</returns>
    public static double TellingOfPerson(in MemoryEntry entry)
    {
        if (!entry.Has(MemoryTraits.Turn))
        {
            return 2;
        }

        double telling =
            entry.Has(MemoryTraits.Question) ? 0.5
            : entry.Has(MemoryTraits.FirstPerson) ? 1.5
            : 1;
        return entry.TextTerms < LeastTelling ? telling / 2 : telling;
    }

    private double TellingFactor(QuestionKind kind, in MemoryEntry entry)
    {
        double factor = entry.Has(MemoryTraits.Question) && !entry.Has(MemoryTraits.User) ? weights.Question : 1;
        factor *= entry.Has(MemoryTraits.Name) ? weights.Name : 1;
        factor *= entry.Has(MemoryTraits.FirstPerson) ? weights.FirstPerson : 1;
        return kind switch
        {
            QuestionKind.Time when entry.Has(MemoryTraits.TimeWord) => factor * weights.Time,
            QuestionKind.Place when entry.Has(MemoryTraits.Place) => factor * weights.Place,
            _ => factor,
        };
    }

    private double SpeakerFactor(AnalyzedQuery question, in MemoryEntry entry, bool isNaming) =>
        question.Choice switch
        {
            SpeakerChoice.Named when isNaming || entry.Speaker == question.Speaker => weights.Speaker,
            SpeakerChoice.Subject when isNaming || entry.Speaker == question.Speaker => weights.Subject,
            SpeakerChoice.User when entry.Has(MemoryTraits.User) || (!entry.Has(MemoryTraits.Turn) && !entry.Has(MemoryTraits.Assistant)) =>
                weights.Speaker,
            _ => 1,
        };

    private void ApplyDates(IReadOnlyList<DateSpan> dates, CandidateScores scores)
    {
        for (int slot = 0; slot < memories.Entries.Slots; slot++)
        {
            if (memories.Entries[slot].Id is null)
            {
                continue;
            }

            double fit = DateSpan.BestFitOf(memories.Entries[slot].Day, dates);
            if (fit > 0)
            {
                scores.Add(slot, weights.Date * fit * (scores[slot] + weights.DateAlone));
            }
        }
    }

    /// <summary>Facts whose speaker is not known but that have the name.</summary>
    private HashSet<int> FactsNaming(Speaker speaker)
    {
        var facts = new HashSet<int>();
        int term = memories.Terms.Find(speaker.Term);
        foreach (Posting posting in term < 0 ? [] : memories.Terms.PostingsOf(term))
        {
            ref MemoryEntry entry = ref memories.Entries[posting.Slot];
            if (entry.Speaker is null && !entry.Has(MemoryTraits.Turn))
            {
                facts.Add(posting.Slot);
            }
        }

        return facts;
    }
}
