using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansMemory.Memories;

/// <summary>
/// Makes texts of memories storable, the same on every way they come: an odd character is no reason to forget what was said, or what was said beside it. A wire form
/// may do the same to half a surrogate pair, so it is done before as well as behind it.
/// </summary>
internal static class StorableText
{
    /// <summary>Makes a text storable.</summary>
    /// <param name="text">The text; <see langword="null"/> for none.</param>
    /// <returns>The text with U+FFFD in place of U+0000 and of surrogates without a partner.</returns>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text) =>
        text is null || (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 && !text.Contains('\0', StringComparison.Ordinal))
            ? text
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');

    /// <summary>Makes a memory storable.</summary>
    /// <param name="memory">The memory; <see langword="null"/> for none.</param>
    /// <returns>The memory with clean texts; the same one when they are.</returns>
    [return: NotNullIfNotNull(nameof(memory))]
    public static NewMemory? Clean(NewMemory? memory) => memory is null || IsClean(memory)
        ? memory
        : memory with { Text = Clean(memory.Text), Caption = Clean(memory.Caption), Speaker = Clean(memory.Speaker), MessageId = Clean(memory.MessageId) };

    /// <summary>Makes memories storable.</summary>
    /// <param name="request">The memories.</param>
    /// <returns>The request with clean texts.</returns>
    public static RecordRequest Clean(RecordRequest request) =>
        request.Memories.IsDefault || request.Memories.All(memory => memory is null || IsClean(memory)) ? request : request with { Memories = [.. request.Memories.Select(Clean)!] };

    private static bool IsClean(NewMemory memory) =>
        ReferenceEquals(Clean(memory.Text), memory.Text) && ReferenceEquals(Clean(memory.Caption), memory.Caption)
        && ReferenceEquals(Clean(memory.Speaker), memory.Speaker) && ReferenceEquals(Clean(memory.MessageId), memory.MessageId);
}
