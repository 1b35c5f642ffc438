using System.Text.Json;

namespace OrleansMemory.Errors;

/// <summary>JSON is nested deeper than its limit. Nothing was written.</summary>
[GenerateSerializer, Alias("OrleansMemory.JsonTooDeepException")]
public sealed class JsonTooDeepException : MemoryException
{
    // Far beyond every limit; a reader keeps one bit for each level.
    private const int MostLevels = 1_000_000;

    /// <summary>Makes the error.</summary>
    /// <param name="parameter">The part of the request that is nested too deep, as a path such as <c>messages[2].contents</c>.</param>
    /// <param name="depth">How many objects and arrays stand inside each other, as far as they were counted.</param>
    /// <param name="limit">How many may.</param>
    public JsonTooDeepException(string parameter, int depth, int limit)
        : base(FormattableString.Invariant($"{parameter} is JSON that is nested {depth} levels deep; at most {limit} are allowed."))
    {
        Parameter = parameter;
        Depth = depth;
        Limit = limit;
    }

    /// <summary>The part of the request that is nested too deep.</summary>
    [Id(0)]
    public string Parameter { get; }

    /// <summary>How many objects and arrays stand inside each other, as far as they were counted.</summary>
    [Id(1)]
    public int Depth { get; }

    /// <summary>How many may.</summary>
    [Id(2)]
    public int Limit { get; }

    /// <summary>The error for JSON that a reader with a limit has refused.</summary>
    /// <param name="utf8">The JSON, or its beginning.</param>
    /// <param name="parameter">What it is, as in the constructor.</param>
    /// <param name="limit">How many levels are allowed.</param>
    /// <returns>The error; <see langword="null"/> when the depth is not what is wrong.</returns>
    public static JsonTooDeepException? Find(ReadOnlySpan<byte> utf8, string parameter, int limit) =>
        Measure(utf8) is int depth && depth > limit ? new JsonTooDeepException(parameter, depth, limit) : null;

    private static int Measure(ReadOnlySpan<byte> utf8)
    {
        int deepest = 0;
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MostLevels });
        try
        {
            while (reader.Read())
            {
                deepest = Math.Max(
                    deepest,
                    reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : 0)
                );
            }
        }
        catch (JsonException)
        {
            // What comes before the fault counts.
        }

        return deepest;
    }
}
