using System.Text;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Conversations;

/// <summary>What names, ids and titles may be: text that PostgreSQL can hold as text, of bounded length.</summary>
internal static class TextRules
{
    public const int MaxNameBytes = 256;
    public const int MaxKeyBytes = 1024;
    public const int MaxTitleBytes = 1024;
    public const int MaxFingerprintBytes = 4096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses text that is missing, empty, too long, holds U+0000 or is not valid Unicode.</summary>
    public static void Require(string? text, string parameter, int maxBytes)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new InvalidRequestException(parameter, $"{parameter} is missing. It must be 1 to {maxBytes} bytes of text.");
        }

        Allow(text, parameter, maxBytes);
    }

    /// <summary>
    /// The same for what is named in addresses: <c>.</c> and <c>..</c> are refused too, also as a session's namespace. Clients and servers
    /// take them, escaped too, for steps in a path, so that a request would be about something else than it names.
    /// </summary>
    public static void RequireName(string? text, string parameter, int maxBytes)
    {
        Require(text, parameter, maxBytes);
        if (text is "." or ".." or EntrySpaces.SessionPrefix + "." or EntrySpaces.SessionPrefix + "..")
        {
            throw new InvalidRequestException(parameter, $"{parameter} must not be '.' or '..': no address can hold them.");
        }
    }

    /// <summary>The same for text that may be missing or empty.</summary>
    public static void Allow(string? text, string parameter, int maxBytes)
    {
        if (text is null)
        {
            return;
        }

        if (IsLonger(text, parameter, maxBytes))
        {
            throw new InvalidRequestException(parameter, $"{parameter} is too long. It must be at most {maxBytes} bytes of UTF-8.");
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidRequestException(parameter, $"{parameter} must not contain U+0000.");
        }
    }

    /// <summary>Whether a text has more bytes than allowed. A text of more characters has, whether or not it is valid.</summary>
    /// <exception cref="InvalidRequestException">It holds an unpaired surrogate.</exception>
    private static bool IsLonger(string text, string parameter, int maxBytes) =>
        text.Length > maxBytes || Measure(text, parameter) > maxBytes;

    /// <summary>How many bytes a text has in UTF-8.</summary>
    /// <exception cref="InvalidRequestException">It holds an unpaired surrogate.</exception>
    public static int Measure(string text, string parameter)
    {
        try
        {
            return Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            throw new InvalidRequestException(
                parameter,
                $"{parameter} is not valid Unicode: it has an unpaired surrogate. In JSON, write it as an escape (\\uD800)."
            );
        }
    }

    /// <summary>The UTF-8 form of a text that was measured.</summary>
    public static int Write(string text, Span<byte> destination) => Strict.GetBytes(text, destination);
}
