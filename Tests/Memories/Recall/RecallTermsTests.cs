using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Text;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class RecallTermsTests
{
    [Theory]
    [InlineData("went goes going gone", "go go go go")]
    [InlineData("bought buys", "bui bui")]
    [InlineData("Mums mother moms", "mom mom mom")]
    [InlineData("roses and a bit of leaves", "rose bit leav")]
    [InlineData("children child kids", "child child child")]
    [InlineData("She is the girl who'd haven't let's", "girl")]
    [InlineData("Bücher книги 東京", "bucher книги 東京 京")]
    [InlineData("pics photographs photo pictures", "photo photo photo photo")]
    public void Words_become_terms(string text, string terms) => Assert.Equal(terms, Terms(text));

    [Fact]
    public void A_term_is_the_same_whether_remembered_or_not()
    {
        string word = new('x', 30);
        Assert.Equal(Terms(word), Terms(word));
        Assert.Equal(Terms("gardening"), Terms("gardening"));
    }

    [Theory]
    [InlineData("pet", "dog", true)]
    [InlineData("dog", "pet", false)]
    [InlineData("trip", "journey", true)]
    [InlineData("journey", "trip", true)]
    [InlineData("trip", "trip", false)]
    [InlineData("lake", "river", false)]
    public void Related_words_are_known(string word, string other, bool related) =>
        Assert.Equal(related, RelatedWords.Of(Terms(word)).Contains(Terms(other), StringComparer.Ordinal));

    [Fact]
    public void A_stop_word_is_related_to_nothing() => Assert.Empty(RelatedWords.Of(""));

    private static string Terms(string text) =>
        string.Join(' ', Tokenizer.Tokenize(text, 100).Select(RecallTerms.Of).Where(term => term.Length > 0));
}
