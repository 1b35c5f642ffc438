using System.Text;

namespace OrleansMemory.LocalEmbeddings.Text;

/// <summary>
/// Takes accents off letters as BERT does: Unicode's canonical decomposition without non-spacing marks. Its table is here, since
/// <see cref="string.Normalize()"/> does nothing in a process with invariant globalization, and vectors must not depend on that.
/// </summary>
internal static class LetterParts
{
    private const int FirstSyllable = 0xAC00;
    private const int LastSyllable = 0xD7A3;
    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int BeforeFirstTail = 0x11A7;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Dictionary<int, string> Table = Read();

    /// <summary>Writes what is left of a character.</summary>
    /// <param name="rune">The character; no mark itself.</param>
    /// <param name="into">Gets it.</param>
    public static void Write(Rune rune, StringBuilder into)
    {
        if (rune.Value is >= FirstSyllable and <= LastSyllable)
        {
            WriteSyllable(rune.Value - FirstSyllable, into);
        }
        else if (Table.TryGetValue(rune.Value, out string? parts))
        {
            into.Append(parts);
        }
        else
        {
            Append(rune, into);
        }
    }

    /// <summary>Appends a character.</summary>
    /// <param name="into">Gets it.</param>
    public static void Append(Rune rune, StringBuilder into)
    {
        Span<char> units = stackalloc char[2];
        into.Append(units[..rune.EncodeToUtf16(units)]);
    }

    private static void WriteSyllable(int index, StringBuilder into)
    {
        into.Append((char)(FirstLead + (index / (Vowels * Tails)))).Append((char)(FirstVowel + (index / Tails % Vowels)));
        if (index % Tails is > 0 and int tail)
        {
            into.Append((char)(BeforeFirstTail + tail));
        }
    }

    private static Dictionary<int, string> Read()
    {
        var table = new Dictionary<int, string>();
        using var lines = new StreamReader(typeof(LetterParts).Assembly.GetManifestResourceStream("decompositions.txt")!, Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                Rune letter = Rune.GetRuneAt(line, 0);
                table.Add(letter.Value, line[letter.Utf16SequenceLength..]);
            }
        }

        return table;
    }
}
