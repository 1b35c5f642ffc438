using Orleans.Runtime.Streams;

namespace Orleans.Runtime;

/// <summary>Settings of streams that grains return.</summary>
public static class AsyncEnumerableExtensions
{
    /// <summary>Sets how many elements are fetched from the grain at a time at most.</summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="self">A stream returned by a grain method; any other is left as it is.</param>
    /// <param name="maxBatchSize">The number; more than zero. The default is 100.</param>
    /// <returns>The stream.</returns>
    public static IAsyncEnumerable<T> WithBatchSize<T>(this IAsyncEnumerable<T> self, int maxBatchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBatchSize);
        if (self is GrainStream<T> stream) stream.MaxBatchSize = maxBatchSize;
        return self;
    }
}
