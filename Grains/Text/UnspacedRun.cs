using System.Text;

namespace OrleansMemory.Grains.Text;

/// <summary>Tokens of a run of characters that are written without spaces: each pair of neighbours, and the last character.</summary>
internal static class UnspacedRun
{
    /// <summary>Cuts one run.</summary>
    /// <param name="maxTokens">How many tokens there may be in all.</param>
    /// <returns>Where the run ends, or where it was left because there are enough tokens.</returns>
    public static int Take(string text, int start, List<Token> tokens, int maxTokens)
    {
        Element? before = null;
        int at = start;
        while (at < text.Length && tokens.Count < maxTokens)
        {
            CharacterClass kind = Scripts.Classify(text, at, out int width);
            if (kind is CharacterClass.Separator or CharacterClass.Word)
            {
                break;
            }

            Element next = ReadElement(text, at, width);
            at += next.Length;
            if (kind == CharacterClass.Ignorable)
            {
                continue;
            }

            if (before is { } pair)
            {
                tokens.Add(
                    new Token(Text(pair.Point) + Text(next.Point), TokenKind.Pair, pair.Start, next.Start + next.Length - pair.Start)
                );
            }

            before = next;
        }

        if (before is { } last && tokens.Count < maxTokens)
        {
            tokens.Add(new Token(Text(last.Point), TokenKind.Character, last.Start, last.Length));
        }

        return at;
    }

    /// <summary>One character; a voicing mark makes one with the kana before it.</summary>
    private static Element ReadElement(string text, int at, int width)
    {
        int point = KanaFolding.Fold(Rune.GetRuneAt(text, at).Value);
        return at + width < text.Length && KanaFolding.Voiced(point, text[at + width]) is { } voiced
            ? new Element(voiced, at, width + 1)
            : new Element(point, at, width);
    }

    private static string Text(int point) => char.ConvertFromUtf32(point);

    private readonly record struct Element(int Point, int Start, int Length);
}
