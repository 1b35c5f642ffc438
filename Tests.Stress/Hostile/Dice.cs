namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>The choices of one request. The same seed and place choose the same.</summary>
/// <param name="seed">The sequence.</param>
/// <param name="place">The request's place in it.</param>
internal sealed class Dice(int seed, int place)
{
    private readonly Random _random = new(HashCode(seed, place));

    /// <summary>A number from 0 to one less than a limit.</summary>
    public int Next(int limit) => _random.Next(limit);

    /// <summary>Whether something with a chance of so many in a thousand happens.</summary>
    public bool Hits(int inThousand) => _random.Next(1_000) < inThousand;

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);

    // System.HashCode differs from process to process.
    private static int HashCode(int seed, int place) => unchecked((seed * 486_187_739) ^ (place * 16_777_619) ^ 0x5bd1e995);
}
