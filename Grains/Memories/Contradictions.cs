using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Text;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>Marks facts of an answer that a newer one of it contradicts; see <see cref="FactSlot"/>.</summary>
internal static class Contradictions
{
    private const int MaxTokens = 32;

    /// <summary>Marks an answer.</summary>
    /// <param name="answer">The answer, whose older facts are marked in place.</param>
    public static void Mark(Span<RecalledMemory> answer)
    {
        var newest = new Dictionary<(string?, string?, string), RecalledMemory>();
        foreach (RecalledMemory recalled in answer)
        {
            if (
                SlotOf(recalled.Memory) is { } slot
                && (!newest.TryGetValue(slot, out RecalledMemory? known) || IsNewer(recalled.Memory, known.Memory))
            )
            {
                newest[slot] = recalled;
            }
        }

        foreach (ref RecalledMemory recalled in answer)
        {
            if (SlotOf(recalled.Memory) is { } slot && newest[slot].Memory is var other && other.Id != recalled.Memory.Id)
            {
                recalled = recalled with { ContradictedBy = other.Id };
            }
        }
    }

    private static (string? Agent, string? User, string Slot)? SlotOf(MemoryFact fact)
    {
        if (fact.Kind != MemoryKind.Fact)
        {
            return null;
        }

        List<Token> tokens = RecallTokenizer.Tokenize(fact.Text, MaxTokens);
        return FactSlot.Of(tokens) is { } slot ? (fact.Agent, fact.User, slot) : null;
    }

    private static bool IsNewer(MemoryFact fact, MemoryFact other)
    {
        int order = fact.OccurredAt.CompareTo(other.OccurredAt);
        return (order != 0 ? order : string.CompareOrdinal(fact.Id, other.Id)) > 0;
    }
}
