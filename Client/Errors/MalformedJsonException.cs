using System.Text.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Errors;

/// <summary>A document is not valid JSON, or not valid UTF-8.</summary>
public sealed class MalformedJsonException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="line">The line of the fault, from 1; <see langword="null"/> when it is not known.</param>
    /// <param name="column">The byte of the fault in its line, from 1; <see langword="null"/> when it is not known.</param>
    public MalformedJsonException(long? line, long? column)
        : base(
            line is null
                ? "This is not valid JSON in UTF-8."
                : FormattableString.Invariant($"This is not valid JSON: line {line}, byte {column}.")
        )
    {
        Line = line;
        Column = column;
    }

    /// <summary>The line of the fault, from 1; <see langword="null"/> when it is not known.</summary>
    public long? Line { get; }

    /// <summary>The byte of the fault in its line, from 1; <see langword="null"/> when it is not known.</summary>
    public long? Column { get; }

    /// <summary>The error for what a JSON reader found. The reader's own words may quote content and are dropped.</summary>
    /// <param name="failure">What the reader threw.</param>
    /// <returns>The error.</returns>
    public static MalformedJsonException Of(JsonException failure) => new(failure.LineNumber + 1, failure.BytePositionInLine + 1);
}
