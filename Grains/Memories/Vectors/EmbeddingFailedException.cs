using System.Net;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>The generator gave no usable answer. What it said is not passed on: it may quote the text.</summary>
/// <param name="message">What happened.</param>
/// <param name="cause">What the generator failed with; <see langword="null"/> when it answered.</param>
internal sealed class EmbeddingFailedException(string message, Exception? cause = null) : Exception(message)
{
    /// <summary>What kind of failure it was, safe to log.</summary>
    public string ErrorType { get; } = cause?.GetType().Name ?? "InvalidAnswer";

    /// <summary>Whether the generator is asked too much, which no text is the cause of.</summary>
    public bool IsOverload { get; } =
        cause is HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable };
}
