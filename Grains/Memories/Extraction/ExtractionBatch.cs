using System.Collections.Immutable;
using System.Globalization;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>
/// What one call of the model is about. The model sees short names in place of ids, which mean nothing outside of this batch.
/// </summary>
/// <param name="Scope">Who owns the turns and the facts.</param>
/// <param name="Turns">The turns, in their order: t1, t2 and so on. All of them come from one conversation, or none of them does.</param>
/// <param name="Known">The facts that the model is shown: f1, f2 and so on.</param>
internal sealed record ExtractionBatch(MemoryScope Scope, ImmutableArray<MemoryFact> Turns, ImmutableArray<MemoryFact> Known)
{
    private const char TurnMark = 't';
    private const char FactMark = 'f';

    /// <summary>The name of a turn.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <returns>The name.</returns>
    public static string TurnName(int index) => Name(TurnMark, index);

    /// <summary>The name of a fact.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <returns>The name.</returns>
    public static string FactName(int index) => Name(FactMark, index);

    /// <summary>Finds a turn by its name.</summary>
    /// <param name="name">What the model calls it.</param>
    /// <returns>The turn; <see langword="null"/> when none was shown by that name.</returns>
    public MemoryFact? FindTurn(string name) => Find(Turns, TurnMark, name);

    /// <summary>Finds a fact by its name.</summary>
    /// <param name="name">What the model calls it.</param>
    /// <returns>The fact; <see langword="null"/> when none was shown by that name.</returns>
    public MemoryFact? FindFact(string name) => Find(Known, FactMark, name);

    private static string Name(char mark, int index) => string.Create(CultureInfo.InvariantCulture, $"{mark}{index + 1}");

    private static MemoryFact? Find(ImmutableArray<MemoryFact> memories, char mark, string name) =>
        name.Length > 1
        && name[0] == mark
        && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number >= 1
        && number <= memories.Length
            ? memories[number - 1]
            : null;
}
