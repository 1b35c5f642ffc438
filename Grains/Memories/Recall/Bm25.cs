namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>The BM25 formula for texts of one kind.</summary>
/// <param name="saturation">How soon more occurrences stop to count (k1).</param>
/// <param name="penalty">How much long texts are held back (b).</param>
/// <param name="count">How many texts there are.</param>
/// <param name="totalLength">How long they are together.</param>
internal readonly struct Bm25(double saturation, double penalty, int count, double totalLength)
{
    private readonly double _perLength = totalLength > 0 ? saturation * penalty * count / totalLength : 0;
    private readonly double _base = saturation * (1 - penalty);

    /// <summary>What a term is worth that so many texts have.</summary>
    /// <param name="having">How many have it.</param>
    /// <param name="others">How many texts without it are counted besides.</param>
    /// <returns>Its weight, more than 0.</returns>
    public double Rarity(int having, int others = 0) => Math.Log(1 + ((count + others - having + 0.5) / (having + 0.5)));

    /// <summary>What a term's occurrences in a text are worth.</summary>
    /// <param name="frequency">How many there are; more than 0.</param>
    /// <param name="length">How long the text is.</param>
    /// <returns>More than 0, and at most k1 + 1.</returns>
    public double Occurrence(double frequency, double length) => frequency * (saturation + 1) / (frequency + _base + (_perLength * length));
}
