using System.Text;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>Lengths of texts in bytes of UTF-8.</summary>
internal static class Utf8Text
{
    /// <summary>Cuts a text so that it is not longer than a bound, never within a character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">The bound.</param>
    /// <returns>The text, or its beginning.</returns>
    public static string Cut(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        int bytes = 0;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
