using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansMemory.Users;

/// <summary>What may name a user, an agent or a session: text that every store can hold and compare.</summary>
internal static class NameText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a text is a name.</summary>
    /// <param name="maxBytes">The longest name, in bytes of UTF-8.</param>
    /// <returns>
    /// Whether it is neither empty nor too long, has neither U+0000 nor unpaired surrogates, and is neither <c>.</c> nor <c>..</c>, which
    /// no address can hold: clients and servers take them, escaped too, for steps in the path.
    /// </returns>
    public static bool IsName([NotNullWhen(true)] string? text, int maxBytes)
    {
        if (string.IsNullOrEmpty(text) || text is "." or ".." || text.Length > maxBytes || text.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            return Strict.GetByteCount(text) <= maxBytes;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
