using System.Globalization;
using System.Text;
using OrleansMemory.Client.Memories;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp.Results;

/// <summary>
/// Stored texts for a model's eyes: each is one quoted line between two marks, behind what we ourselves say of it; see
/// <see cref="MemoryFence"/>.
/// </summary>
internal sealed class Fence(string tag)
{
    private readonly StringBuilder _lines = new();

    /// <summary>Adds a line.</summary>
    /// <param name="about">What we say of the text: ids, sequences, dates, roles. No text of a user's or a model's.</param>
    /// <param name="speaker">Who said it, by name; <see langword="null"/> for none.</param>
    public void Add(string about, string text, string? speaker = null)
    {
        _lines.Append("- ").Append(about);
        if (speaker is not null)
        {
            _lines.Append(' ').Append(MemoryFence.Quote(speaker));
        }

        _lines.Append(": ").Append(MemoryFence.Quote(text)).Append('\n');
    }

    /// <inheritdoc />
    public override string ToString() => $"{MemoryFence.Notice}\n<{tag}>\n{_lines}</{tag}>";

    /// <summary>A date for the line of a text.</summary>
    /// <returns>Date and minute, in UTC.</returns>
    public static string Date(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>Makes a text one that every JSON library can write.</summary>
    /// <param name="text">The text; <see langword="null"/> for none.</param>
    /// <returns>The text with U+FFFD in place of U+0000 and of surrogates without a partner.</returns>
    public static string? Clean(string? text) => MemoryMessages.Clean(text);
}
