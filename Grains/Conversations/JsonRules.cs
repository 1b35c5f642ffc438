using System.Buffers;
using System.Text.Json;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Conversations;

/// <summary>What JSON a conversation may hold, and what it tells about tool calls.</summary>
internal static class JsonRules
{
    /// <summary>The deepest nesting: that of System.Text.Json's readers.</summary>
    public const int MaxDepth = 64;

    /// <summary>Refuses what is not well-formed JSON of the wanted kind.</summary>
    /// <param name="parameter">Which part of the request it is.</param>
    /// <param name="kind">The token it must start with; <see cref="JsonTokenType.None"/> for any value.</param>
    /// <param name="maxBytes">The most bytes.</param>
    /// <returns>Its size in UTF-8.</returns>
    /// <exception cref="InvalidRequestException">It is not.</exception>
    /// <exception cref="JsonTooDeepException">It is nested deeper than <see cref="MaxDepth"/>.</exception>
    /// <exception cref="PayloadTooLargeException">It is larger than allowed.</exception>
    public static int Check(string? json, string parameter, JsonTokenType kind, int maxBytes) =>
        Scan(json, parameter, kind, maxBytes, links: null);

    /// <summary>Checks a message's contents and finds its tool calls and results.</summary>
    /// <param name="json">A JSON array of contents.</param>
    /// <param name="parameter">Which part of the request it is.</param>
    /// <param name="maxBytes">The most bytes.</param>
    /// <returns>Its size in UTF-8, and its tool links where it has any.</returns>
    public static (int Bytes, ToolLinks? Tools) CheckContents(string? json, string parameter, int maxBytes)
    {
        var links = new ToolLinkCollector();
        int bytes = Scan(json, parameter, JsonTokenType.StartArray, maxBytes, links);
        return (bytes, links.ToLinks());
    }

    private static int Scan(string? json, string parameter, JsonTokenType kind, int maxBytes, ToolLinkCollector? links)
    {
        if (json is null)
        {
            throw new InvalidRequestException(parameter, $"{parameter} is missing. It must be {Describe(kind)}.");
        }

        int bytes = json.Length > maxBytes ? Utf8Size.Of(json) : TextRules.Measure(json, parameter);
        if (bytes > maxBytes)
        {
            throw new PayloadTooLargeException(parameter, bytes, maxBytes, "bytes");
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            Read(buffer.AsSpan(0, TextRules.Write(json, buffer)), parameter, kind, links);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return bytes;
    }

    private static void Read(ReadOnlySpan<byte> utf8, string parameter, JsonTokenType kind, ToolLinkCollector? links)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            bool first = true;
            while (reader.Read())
            {
                if (first && kind != JsonTokenType.None && reader.TokenType != kind)
                {
                    throw new InvalidRequestException(parameter, $"{parameter} must be {Describe(kind)}.");
                }

                if (kind == JsonTokenType.StartArray && reader.CurrentDepth == 1 && IsScalar(reader.TokenType))
                {
                    throw new InvalidRequestException(parameter, $"{parameter} must be {Describe(kind)}.");
                }

                first = false;
                links?.Visit(ref reader);
            }
        }
        catch (JsonException exception)
        {
            throw JsonTooDeepException.Find(utf8, parameter, MaxDepth)
                ?? (Exception)
                    new InvalidRequestException(
                        parameter,
                        $"{parameter} is not well-formed JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})."
                    );
        }
    }

    private static bool IsScalar(JsonTokenType type) =>
        type is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null;

    private static string Describe(JsonTokenType kind) =>
        kind switch
        {
            JsonTokenType.StartArray => "a JSON array of contents, each an object with its $type",
            JsonTokenType.StartObject => "a JSON object",
            _ => "a JSON value",
        };
}
