using System.Text;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Text;

/// <summary>
/// The one measure of every limit that is named in bytes: UTF-8, as content is sent, stored, exported and imported. Characters are another
/// unit: a text of three bytes per character would be let in by one check and refused by the next.
/// </summary>
internal static class Utf8Size
{
    /// <summary>The bytes of a text; unpaired surrogates count as the three bytes of their replacement.</summary>
    /// <param name="text">The text, or nothing.</param>
    public static int Of(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    /// <summary>The bytes of a message: its contents and its metadata.</summary>
    public static long Of(Message message) => (long)Of(message.Contents) + Of(message.Metadata);

    /// <summary>The bytes of an entry: its value.</summary>
    /// <param name="entry">The entry, or nothing.</param>
    public static int Of(Entry? entry) => Of(entry?.Value);
}
