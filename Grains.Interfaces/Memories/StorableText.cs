using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansMemory.Memories;

/// <summary>
/// Makes texts of memories storable, the same on every way they come: an odd character is no reason to forget what was said, or what was
/// said beside it. A wire form may do the same to half a surrogate pair, so it is done before as well as behind it.
/// </summary>
internal static class StorableText
{
    /// <summary>Makes a text storable.</summary>
    /// <param name="text">The text; <see langword="null"/> for none.</param>
    /// <returns>The text with U+FFFD in place of U+0000 and of surrogates without a partner.</returns>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text) =>
        text is null || IsClean(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');

    /// <summary>Makes a question one that every wire form keeps. It is not stored, and may have U+0000.</summary>
    /// <param name="query">The question; <see langword="null"/> for none.</param>
    /// <returns>The question with U+FFFD in place of surrogates without a partner; it has as many bytes of UTF-8 as before.</returns>
    [return: NotNullIfNotNull(nameof(query))]
    public static string? WellFormed(string? query) =>
        query is null || IsWellFormed(query) ? query : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(query));

    /// <summary>Makes a memory storable.</summary>
    /// <param name="memory">The memory; <see langword="null"/> for none.</param>
    /// <returns>The memory with clean texts; the same one when they are.</returns>
    [return: NotNullIfNotNull(nameof(memory))]
    public static NewMemory? Clean(NewMemory? memory) =>
        memory is null || IsClean(memory)
            ? memory
            : memory with
            {
                Text = Clean(memory.Text),
                Caption = Clean(memory.Caption),
                Speaker = Clean(memory.Speaker),
                MessageId = Clean(memory.MessageId),
            };

    /// <summary>Makes memories storable.</summary>
    /// <returns>The request with clean texts.</returns>
    public static RecordRequest Clean(RecordRequest request) =>
        request.Memories.IsDefault || request.Memories.All(memory => memory is null || IsClean(memory))
            ? request
            : request with
            {
                Memories = [.. request.Memories.Select(Clean)!],
            };

    /// <summary>Whether a text has no surrogate without a partner.</summary>
    /// <param name="text">The text, which may be part of a longer one.</param>
    /// <returns>Whether it has none.</returns>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> rest = text;
        while (rest.IndexOfAnyInRange('\ud800', '\udfff') is >= 0 and int at)
        {
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
            {
                return false;
            }

            rest = rest[(at + 2)..];
        }

        return true;
    }

    private static bool IsClean(NewMemory memory) =>
        IsClean(memory.Text) && IsClean(memory.Caption) && IsClean(memory.Speaker) && IsClean(memory.MessageId);

    private static bool IsClean(ReadOnlySpan<char> text) => !text.Contains('\0') && IsWellFormed(text);
}
