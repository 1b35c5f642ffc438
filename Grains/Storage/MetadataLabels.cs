using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace OrleansMemory.Grains.Storage;

/// <summary>
/// What lists are filtered by: the plain properties of a conversation's metadata as <c>key=value</c>, in text that any store can hold and
/// compare.
/// </summary>
/// <remarks>
/// Only properties of the object itself count, those whose value is a string, a number, true, false or null; of two with one key the last
/// one. In the key <c>\</c> and <c>=</c> are written as <c>\\</c> and <c>\=</c>. A number is what the document wrote: 1.0 is not 1, but the
/// string "1" is. Left out are labels of more than <see cref="MaxLabelBytes"/> bytes, those that PostgreSQL cannot hold as text (U+0000,
/// unpaired surrogates), and all after the first <see cref="MaxLabels"/>. <c>0002_conversation_lists.sql</c> has the same rules.
/// </remarks>
internal static class MetadataLabels
{
    public const int MaxLabels = 64;
    public const int MaxLabelBytes = 512;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The labels of metadata.</summary>
    /// <param name="metadata">The metadata, if any.</param>
    /// <returns>The labels, none for what is no JSON object.</returns>
    public static ImmutableArray<string> Of(string? metadata)
    {
        if (metadata is null)
        {
            return [];
        }

        try
        {
            return [.. Read(metadata).Values.OfType<string>().Take(MaxLabels)];
        }
        catch (JsonException)
        {
            // Whoever stores the document refuses it.
            return [];
        }
    }

    /// <summary>The label of one property.</summary>
    /// <returns>The label; <see langword="null"/> when there is none, so that nothing can be found by it.</returns>
    public static string? Of(string key, string value)
    {
        string label = $"{key.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("=", @"\=", StringComparison.Ordinal)}={value}";
        return label.Contains('\0', StringComparison.Ordinal) || !IsShortText(label) ? null : label;
    }

    private static OrderedDictionary<string, string?> Read(string metadata)
    {
        var labels = new OrderedDictionary<string, string?>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(metadata), new JsonReaderOptions { MaxDepth = 1_000 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return labels;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? key = Text(ref reader);
            reader.Read();
            string? value = Value(ref reader);
            reader.Skip();
            if (key is not null)
            {
                // The last one of a key stands where it stands in the document.
                labels.Remove(key);
                labels.Add(key, value is null ? null : Of(key, value));
            }
        }

        return labels;
    }

    private static string? Value(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.String => Text(ref reader),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.Null => "null",
            _ => null,
        };

    /// <summary>A key or string with its escapes resolved; <see langword="null"/> when an escape is an unpaired surrogate.</summary>
    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsShortText(string label)
    {
        try
        {
            return label.Length <= MaxLabelBytes && Strict.GetByteCount(label) <= MaxLabelBytes;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
