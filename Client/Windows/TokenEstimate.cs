using System.Text;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>
/// Estimates tokens without a tokenizer. It never under-counts by more than <see cref="MaxUndercount"/> times: a tokenizer that works on
/// bytes (byte-level BPE, as those
/// of GPT, Llama and most others) makes at most one token of a byte of UTF-8, and the estimate is at least a quarter of the bytes.
/// </summary>
/// <remarks>
/// A text counts, in quarters of a token and rounded up at its end: ASCII letters and white space 1, other ASCII characters 2, characters
/// of two bytes in UTF-8 2, of three
/// bytes 4, of four bytes 8. An unpaired surrogate counts as the three bytes that replace it. For English prose this is close to what
/// tokenizers make of it; for CJK text it
/// is a token for each character.
/// </remarks>
public static class TokenEstimate
{
    /// <summary>A byte-level tokenizer makes at most this many times as many tokens of a text as the estimate says.</summary>
    public const int MaxUndercount = 4;

    /// <summary>The tokens added for every message: its role and what separates it from the next.</summary>
    public const int PerMessage = 4;

    /// <summary>The tokens added for every tool call and every tool result: the frame that a model sees them in.</summary>
    public const int PerToolUse = 4;

    /// <summary>The tokens of an image, whatever its size: about what the large providers charge for a large one.</summary>
    public const int PerImage = 1_600;

    /// <summary>
    /// Estimates the tokens of a message as windows count it: its texts, tool calls and results, images, and what every message adds.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <returns>The tokens, at least <see cref="PerMessage"/>.</returns>
    public static long Of(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return MessageMeasure.Of(message, Of).Tokens;
    }

    /// <summary>Estimates the tokens of a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The tokens; 0 for an empty text.</returns>
    public static int Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(text.AsSpan());
    }

    /// <summary>Estimates the tokens of a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The tokens; 0 for an empty text.</returns>
    public static int Of(ReadOnlySpan<char> text)
    {
        long quarters = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            quarters += rune.Value switch
            {
                < 0x80 => char.IsAsciiLetter((char)rune.Value) || char.IsWhiteSpace((char)rune.Value) ? 1 : 2,
                < 0x800 => 2,
                < 0x10000 => 4,
                _ => 8,
            };
        }

        return (int)Math.Min(int.MaxValue, (quarters + 3) / 4);
    }
}
