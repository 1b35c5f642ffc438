using OrleansMemory.Conversations;
using OrleansMemory.Grains.Text;
using Xunit;

namespace OrleansMemory.Tests.Text;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("late", "The train is LATE, later than late.", "LATE|late")]
    [InlineData("\"is late\"", "is it? It is late.", "is|late")]
    [InlineData("東京都", "今は東京都です", "東京都")]
    [InlineData("京", "東京都", "京")]
    [InlineData("京", "東京", "京")]
    [InlineData("late -early", "late", "late")]
    [InlineData("train OR bus", "bus, train", "bus|train")]
    [InlineData("cafe", "Cafe\u0301!", "Cafe\u0301")]
    public void Matches_are_what_was_found(string query, string text, string expected)
    {
        MessageExcerpt excerpt = Make(query, text);
        Assert.Equal(text, excerpt.Text);
        Assert.Equal(expected, string.Join('|', Pieces(excerpt)));
    }

    [Fact]
    public void Piece_around_the_first_match_is_short_and_whole()
    {
        string text = string.Concat(Enumerable.Repeat("🙂", 500)) + " needle " + string.Concat(Enumerable.Repeat("🙂", 500));
        MessageExcerpt excerpt = Make("needle", text);
        Assert.InRange(excerpt.Text.Length, MessageExcerpt.MaxLength - 2, MessageExcerpt.MaxLength);
        Assert.Equal(["needle"], Pieces(excerpt));
        Assert.DoesNotContain("\uFFFD", excerpt.Text, StringComparison.Ordinal);
        Assert.InRange(excerpt.Matches[0].Start, 40, 60);

        MessageExcerpt end = Make("needle", new string('x', 500) + " needle");
        Assert.EndsWith("needle", end.Text, StringComparison.Ordinal);
        Assert.Equal(MessageExcerpt.MaxLength, end.Text.Length);
    }

    [Fact]
    public void First_text_with_a_match_is_cut_and_without_one_the_first()
    {
        var expression = SearchExpressionParser.Parse("needle", "q");
        Assert.Equal("a needle", Excerpt.Of(["hay", "a needle"], expression).Text);
        MessageExcerpt none = Excerpt.Of(["hay", "straw"], expression);
        Assert.Equal(("hay", 0), (none.Text, none.Matches.Length));
        Assert.Equal("", Excerpt.Of([], expression).Text);
    }

    [Fact]
    public void Any_text_makes_one_line_of_valid_unicode()
    {
        var random = new Random(3);
        for (int i = 0; i < 2_000; i++)
        {
            MessageExcerpt excerpt = Make("word OR 東 OR a", HostileText.Next(random, 200));
            Assert.InRange(excerpt.Text.Length, 0, MessageExcerpt.MaxLength);
            Assert.DoesNotContain(excerpt.Text, char.IsControl);
            System
                .Text.Encoding.GetEncoding(
                    "utf-8",
                    System.Text.EncoderFallback.ExceptionFallback,
                    System.Text.DecoderFallback.ExceptionFallback
                )
                .GetBytes(excerpt.Text);
            int end = -1;
            foreach (TextRange match in excerpt.Matches)
            {
                Assert.True(match.Start > end && match.Length > 0, $"seed 3, run {i}");
                end = match.Start + match.Length;
            }

            Assert.True(end <= excerpt.Text.Length);
        }
    }

    private static MessageExcerpt Make(string query, string text) => Excerpt.Of([text], SearchExpressionParser.Parse(query, "q"));

    private static IEnumerable<string> Pieces(MessageExcerpt excerpt) =>
        excerpt.Matches.Select(match => excerpt.Text.Substring(match.Start, match.Length));
}
