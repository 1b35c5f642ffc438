using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansMemory.Grains.Text;

/// <summary>
/// Finds what is searched of a message: the <c>text</c> of its contents of <c>$type</c> "text" (Microsoft.Extensions.AI's TextContent),
/// whatever the message's role. Reasoning, tool calls and results, data, uris and extra properties are not searched.
/// </summary>
internal static class ContentsText
{
    /// <summary>Reads the texts.</summary>
    /// <param name="contents">A message's contents, as JSON.</param>
    /// <returns>The texts in their order, without empty ones; none when it is not the JSON of contents.</returns>
    public static IReadOnlyList<string> Read(string contents)
    {
        var texts = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(contents), new JsonReaderOptions { MaxDepth = int.MaxValue });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return [];
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    reader.Skip();
                }
                else if (ReadContent(ref reader) is { Length: > 0 } text)
                {
                    texts.Add(text);
                }
            }
        }
        catch (JsonException)
        {
            return [];
        }

        return texts;
    }

    private static string? ReadContent(ref Utf8JsonReader reader)
    {
        (string? type, string? text) = (null, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueSpan.SequenceEqual("$type"u8);
            bool isText = reader.ValueSpan.SequenceEqual("text"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && (isType || isText))
            {
                string value = reader.ValueIsEscaped ? Unescape(reader.ValueSpan) : Encoding.UTF8.GetString(reader.ValueSpan);
                (type, text) = isType ? (value, text) : (type, value);
            }
            else
            {
                reader.Skip();
            }
        }

        return type == "text" ? text : null;
    }

    /// <summary>Resolves escapes. System.Text.Json refuses that of a surrogate without a partner, which a message may have.</summary>
    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (int escape = raw.IndexOf((byte)'\\'); escape >= 0; escape = raw.IndexOf((byte)'\\'))
        {
            text.Append(Encoding.UTF8.GetString(raw[..escape]));
            byte kind = raw[escape + 1];
            bool isCode = kind == (byte)'u';
            text.Append(
                isCode
                    ? (char)ushort.Parse(raw.Slice(escape + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                    : Plain(kind)
            );
            raw = raw[(escape + (isCode ? 6 : 2))..];
        }

        return text.Append(Encoding.UTF8.GetString(raw)).ToString();
    }

    private static char Plain(byte kind) =>
        kind switch
        {
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            _ => (char)kind,
        };
}
