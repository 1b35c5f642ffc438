using System.Text;
using OrleansMemory.Grains.Text;
using Xunit;

namespace OrleansMemory.Tests.Text;

public sealed class TokenizerTests
{
    [Theory]
    [InlineData("Book a FLIGHT, please!", "book a flight please")]
    [InlineData("B2B gpt-4o v1.2", "b2b gpt 4o v1 2")]
    [InlineData("don't Melanie's we’ll I'd", "don melanie we i")]
    [InlineData("l'amour O’Brien o'clock rock'n'roll", "l amour o brien o clock rock n roll")]
    [InlineData("'quoted'", "quoted")]
    [InlineData("Café CAFÉ cafe\u0301 cafe", "cafe cafe cafe cafe")]
    [InlineData("Łódź Việt Ñandú", "lodz viet nandu")]
    [InlineData("straße Æsop", "straße æsop")]
    [InlineData("ＡＢＣ１２３ ａｂｃ", "abc123 abc")]
    [InlineData("Ελλάδα ΣΟΦΟΣ", "ελλαδα σοφοσ")]
    [InlineData("Привет Ёлка", "привет елка")]
    [InlineData("soft\u00ADhyphen", "softhyphen")]
    [InlineData("мир\u0000world\uD800again\uDC00", "мир world again")]
    [InlineData("snake_case a/b c@d", "snake case a b c d")]
    [InlineData("नमस्ते", "नमस्ते")]
    [InlineData("🙂 👍🏽 !!!", "")]
    [InlineData("", "")]
    public void Words_are_letters_and_digits_without_case_and_accents(string text, string expected) => Assert.Equal(expected, Texts(text));

    [Theory]
    [InlineData("東京都", "東京 京都 都")]
    [InlineData("猫", "猫")]
    [InlineData("C言語", "c 言語 語")]
    [InlineData("東京、大阪", "東京 京 大阪 阪")]
    [InlineData("カタカナ ｶﾀｶﾅ", "カタ タカ カナ ナ カタ タカ カナ ナ")]
    [InlineData("ｶﾞｷﾞ か\u3099", "ガギ ギ が")]
    [InlineData("ﾊﾟ ｳﾞ", "パ ヴ")]
    [InlineData("한국어", "한국 국어 어")]
    [InlineData("ไทย", "ไท ทย ย")]
    [InlineData("𠮷野家", "𠮷野 野家 家")]
    public void Scripts_without_spaces_give_pairs_and_the_last_character(string text, string expected) =>
        Assert.Equal(expected, Texts(text));

    [Fact]
    public void Tokens_say_where_they_stand()
    {
        const string Text = "  Café, don't 東京ｶﾞ";
        Assert.Equal(
            ["Café", "don", "東京", "京ｶﾞ", "ｶﾞ"],
            Tokenizer.Tokenize(Text, 100).Select(token => Text.Substring(token.Start, token.Length))
        );
    }

    [Fact]
    public void Long_words_are_cut_and_tokens_are_counted()
    {
        string word = new('x', 1_000_000);
        Assert.Equal(new string('x', Tokenizer.MaxWordLength), Assert.Single(Tokenizer.Tokenize(word, 10)).Text);
        string wide = string.Concat(Enumerable.Repeat("𝒜", 100));
        Assert.Equal(Tokenizer.MaxWordLength, Assert.Single(Tokenizer.Tokenize("a" + wide, 10)).Text.Length + 1);
        Assert.Equal(10, Tokenizer.Tokenize(string.Concat(Enumerable.Repeat("a ", 1_000)), 10).Count);
        Assert.Equal(10, Tokenizer.Tokenize(new string('東', 1_000_000), 10).Count);
    }

    [Fact]
    public void Any_text_has_tokens_of_letters_and_digits_only()
    {
        var random = new Random(11);
        for (int i = 0; i < 3_000; i++)
        {
            string text = HostileText.Next(random, 60);
            foreach (Token token in Tokenizer.Tokenize(text, 1_000))
            {
                Assert.InRange(token.Text.Length, 1, Tokenizer.MaxWordLength);
                Assert.InRange(token.Start, 0, text.Length - token.Length);
                Assert.True(
                    token
                        .Text.EnumerateRunes()
                        .All(rune => rune != Rune.ReplacementChar && (Rune.IsLetterOrDigit(rune) || IsPartOfWord(rune))),
                    $"seed 11, run {i}"
                );
            }
        }
    }

    private static bool IsPartOfWord(Rune rune) =>
        Rune.GetUnicodeCategory(rune).ToString()
            is "NonSpacingMark"
                or "SpacingCombiningMark"
                or "EnclosingMark"
                or "LetterNumber"
                or "OtherNumber";

    private static string Texts(string text) => string.Join(' ', Tokenizer.Tokenize(text, 1_000).Select(token => token.Text));
}
