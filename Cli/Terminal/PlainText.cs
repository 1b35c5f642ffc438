using System.Text;

namespace OrleansMemory.Cli.Terminal;

/// <summary>Makes text of others fit for a terminal.</summary>
internal static class PlainText
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// Replaces what a terminal would obey: all control characters but line feeds and tabs, and what turns the direction of writing.
    /// </summary>
    /// <param name="text">What somebody wrote.</param>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001F') && !text.Any(IsObeyed))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            plain.Append(IsObeyed(character) ? Replacement : character);
        }

        return plain.ToString();
    }

    private static bool IsObeyed(char character) =>
        (char.IsControl(character) && character is not ('\n' or '\t'))
        || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
