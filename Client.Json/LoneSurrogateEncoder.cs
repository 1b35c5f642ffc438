using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;

namespace OrleansMemory.Client.Json;

/// <summary>
/// Escapes in JSON strings only what JSON demands, and UTF-16 surrogates that have no partner. Every other encoder writes U+FFFD for
/// those, so that a text which a model or a cut-off string produced would not come back as it was.
/// </summary>
/// <remarks>The output is JSON, not HTML: characters such as <c>&lt;</c> are left as they are.</remarks>
public sealed unsafe class LoneSurrogateEncoder : JavaScriptEncoder
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly LoneSurrogateEncoder Instance = new();

    private const int EscapeLength = 6;

    private static readonly SearchValues<char> Suspects = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(value => (char)value),
        '"',
        '\\',
        .. Enumerable.Range(0xD800, 0x800).Select(value => (char)value),
    ]);

    /// <inheritdoc />
    public override int MaxOutputCharactersPerInputCharacter => EscapeLength;

    /// <inheritdoc />
    public override int FindFirstCharacterToEncode(char* text, int textLength) => FindFirst(new ReadOnlySpan<char>(text, textLength));

    /// <inheritdoc />
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\';

    /// <inheritdoc />
    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        TryEscape((char)unicodeScalar, new Span<char>(buffer, bufferLength), out numberOfCharactersWritten);

    /// <inheritdoc />
    public override OperationStatus Encode(
        ReadOnlySpan<char> source,
        Span<char> destination,
        out int charsConsumed,
        out int charsWritten,
        bool isFinalBlock = true
    )
    {
        charsConsumed = 0;
        charsWritten = 0;
        while (charsConsumed < source.Length)
        {
            ReadOnlySpan<char> rest = source[charsConsumed..];
            int next = FindFirst(rest);
            int plain = next < 0 ? rest.Length : next;
            if (!rest[..plain].TryCopyTo(destination[charsWritten..]))
            {
                return OperationStatus.DestinationTooSmall;
            }

            charsConsumed += plain;
            charsWritten += plain;
            if (next < 0)
            {
                break;
            }

            if (!isFinalBlock && plain == rest.Length - 1 && char.IsHighSurrogate(rest[plain]))
            {
                return OperationStatus.NeedMoreData;
            }

            if (!TryEscape(rest[plain], destination[charsWritten..], out int written))
            {
                return OperationStatus.DestinationTooSmall;
            }

            charsConsumed++;
            charsWritten += written;
        }

        return OperationStatus.Done;
    }

    private static int FindFirst(ReadOnlySpan<char> text)
    {
        int start = 0;
        while (true)
        {
            int found = text[start..].IndexOfAny(Suspects);
            if (found < 0)
            {
                return -1;
            }

            int index = start + found;
            bool isPair = index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]);
            if (!isPair)
            {
                return index;
            }

            start = index + 2;
        }
    }

    private static bool TryEscape(char value, Span<char> destination, out int written)
    {
        string? brief = value switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            _ => null,
        };
        return brief is null
            ? destination.TryWrite(CultureInfo.InvariantCulture, $"\\u{(int)value:x4}", out written)
            : destination.TryWrite(CultureInfo.InvariantCulture, $"{brief}", out written);
    }
}
