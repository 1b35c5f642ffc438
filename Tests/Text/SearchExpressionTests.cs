using OrleansMemory.Errors;
using OrleansMemory.Grains.Text;
using Xunit;

namespace OrleansMemory.Tests.Text;

public sealed class SearchExpressionTests
{
    [Theory]
    [InlineData("flight", "Two flights were booked", true)]
    [InlineData("booking flight", "Two flights were booked", true)]
    [InlineData("flight train", "Two flights were booked", false)]
    [InlineData("flight OR train", "The train is late", true)]
    [InlineData("flight or train", "The train is late", false)]
    [InlineData("late flight OR late train", "The train is late", true)]
    [InlineData("train -late", "The train is late", false)]
    [InlineData("train -early", "The train is late", true)]
    [InlineData("train --late", "The train is late", false)]
    [InlineData("train - late", "The train is late", true)]
    [InlineData("\"train is late\"", "The train is late", true)]
    [InlineData("\"train late\"", "The train is late", false)]
    [InlineData("“is the”", "The train is late", false)]
    [InlineData("\"the train", "The train is late", true)]
    [InlineData("train -\"is late\"", "The train is late", false)]
    [InlineData("the train", "A train", true)]
    [InlineData("the", "A train", false)]
    [InlineData("the a", "The a", true)]
    [InlineData("train -the", "The train", false)]
    [InlineData("well-known", "a well known place", true)]
    [InlineData("well-known", "known as well", false)]
    [InlineData("ada@example.org", "write to Ada@Example.org!", true)]
    [InlineData("don't", "DON’T panic", true)]
    [InlineData("cafe", "Café Lisboa", true)]
    [InlineData("京", "東京都に行く", true)]
    [InlineData("都", "東京都", true)]
    [InlineData("京都", "東京都に行く", true)]
    [InlineData("東京都", "東京と京都", false)]
    [InlineData("東都", "東京都", false)]
    [InlineData("東京都", "京東京都", true)]
    [InlineData("\"東京 tower\"", "東京 Tower", true)]
    [InlineData("\"東京 tower\"", "東京都 Tower", false)]
    [InlineData("\"a 京 b\"", "a 京 b", true)]
    [InlineData("\"a 京 b\"", "a 京都 b", false)]
    [InlineData("\"東京 都\"", "東京都", true)]
    [InlineData("東京都", "東京 都", false)]
    [InlineData("C言語", "C言語の本", true)]
    [InlineData("C言語", "言語C", false)]
    [InlineData("ｶﾞﾗｽ", "ガラス", true)]
    [InlineData("OR train OR OR", "train", true)]
    [InlineData("train -!", "train", true)]
    [InlineData("foo\"bar baz\"", "bar baz foo", true)]
    public void Queries_find_what_they_say(string query, string text, bool found) =>
        Assert.Equal(found, SearchExpressionParser.Parse(query, "q").Matches(TermVector.Of([text])));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("!?")]
    [InlineData("OR")]
    [InlineData("-train")]
    [InlineData("-\"the train\"")]
    [InlineData("train OR -late")]
    [InlineData("\uD800")]
    public void Query_that_names_nothing_that_must_be_there_is_refused(string? query) =>
        Assert.Equal("q", Assert.Throws<InvalidRequestException>(() => SearchExpressionParser.Parse(query, "q")).Parameter);

    [Fact]
    public void Length_and_terms_are_bounded()
    {
        string words = string.Join(' ', Enumerable.Range(0, SearchExpressionParser.MaxTerms).Select(i => $"w{i}"));
        Assert.Equal(SearchExpressionParser.MaxTerms, SearchExpressionParser.Parse(words, "q").Alternatives[0].Wanted.Length);
        Assert.Contains(
            "64",
            Assert.Throws<InvalidRequestException>(() => SearchExpressionParser.Parse(words + " x", "q")).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InvalidRequestException>(() => SearchExpressionParser.Parse(new string('東', 100), "q"));
        SearchExpressionParser.Parse(new string('x', SearchExpressionParser.MaxLength), "q");
        Assert.Throws<InvalidRequestException>(() =>
            SearchExpressionParser.Parse(new string('x', SearchExpressionParser.MaxLength + 1), "q")
        );
    }

    [Fact]
    public void Phrases_do_not_reach_from_one_text_into_the_next()
    {
        TermVector vector = TermVector.Of(["one two", "three 東京", "京都"]);
        Assert.True(Find("\"one two\"", vector));
        Assert.True(Find("three one", vector));
        Assert.False(Find("\"two three\"", vector));
        Assert.False(Find("東京都", vector));
        Assert.False(Find("\"東京 京都\"", vector));
    }

    [Fact]
    public void Late_words_of_a_long_text_are_found_and_phrases_of_them_are_not()
    {
        string text =
            string.Join(' ', Enumerable.Range(1, TermVector.LastPosition).Select(i => i % 2 == 0 ? "even" : "odd")) + " late words here";
        TermVector vector = TermVector.Of([text]);
        Assert.True(Find("late words", vector));
        Assert.True(Find("\"odd even\"", vector));
        Assert.False(Find("\"late words\"", vector));
        Assert.False(Find("\"even late\"", vector));
        Assert.Equal(TermVector.MaxPositions, vector.Positions["even"].Count);
    }

    [Fact]
    public void What_is_indexed_of_a_message_is_bounded()
    {
        TermVector vector = TermVector.Of([string.Join(' ', Enumerable.Range(0, 300_000).Select(i => $"word{i}"))]);
        Assert.InRange(vector.Positions.Sum(pair => pair.Key.Length + 6), TermVector.MaxBytes - 100, TermVector.MaxBytes);
        Assert.True(Find("word0", vector));
        Assert.False(Find("word299999", vector));
    }

    [Fact]
    public void Any_text_is_a_query_or_is_refused()
    {
        var random = new Random(5);
        for (int i = 0; i < 3_000; i++)
        {
            try
            {
                SearchExpressionParser.Parse(HostileText.Next(random, 30), "q").Matches(TermVector.Of([HostileText.Next(random, 30)]));
            }
            catch (InvalidRequestException refusal)
            {
                Assert.Equal("q", refusal.Parameter);
            }
        }
    }

    private static bool Find(string query, TermVector vector) => SearchExpressionParser.Parse(query, "q").Matches(vector);
}
