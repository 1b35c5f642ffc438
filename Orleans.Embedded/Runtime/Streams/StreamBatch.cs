namespace Orleans.Runtime.Streams;

/// <summary>The elements of one fetch; none when the grain had nothing to say within the waiting time.</summary>
/// <typeparam name="T">The elements.</typeparam>
/// <param name="Items">The elements, in order.</param>
/// <param name="IsLast">Whether the stream ends with them.</param>
internal sealed record StreamBatch<T>(IReadOnlyList<T> Items, bool IsLast)
{
    internal static readonly StreamBatch<T> Nothing = new([], IsLast: false);
}
