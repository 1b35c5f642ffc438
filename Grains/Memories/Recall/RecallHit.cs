using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>One result.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Score">How well it fits, more is better. It compares results of one question, nothing else.</param>
internal readonly record struct RecallHit(string Id, double Score)
{
    /// <summary>How much of the question it has, 0 to 1: comparable between questions, but no rank; see <see cref="QuestionCoverage"/>.</summary>
    public double Fit { get; init; }

    /// <summary>How many equal facts it stands for, itself included.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Why it is there; <see langword="null"/> when nobody wants to know.</summary>
    public RecallReasons? Why { get; init; }
}
