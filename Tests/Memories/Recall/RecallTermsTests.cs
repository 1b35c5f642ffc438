using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Memories.Recall.Query;
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
    [InlineData("Bücher книги 東京", "bucher книг 東京 京")]
    [InlineData("fly flies flying flew flown", "fli fli fli fli fli")]
    [InlineData("try tries tried sky skies tie ties", "tri tri tri ski ski tie tie")]
    [InlineData("colour colors neighbours neighbor favourite favorite", "color color neighbor neighbor favorit favorit")]
    [InlineData("organise organized realising realize exercise raising precisely", "organ organ realiz realiz exercis rais precis")]
    [InlineData("her gf and his bf bday", "girlfriend boyfriend birthdai")]
    [InlineData("two 2 twenty first 1st", "2 2 20 1st 1st")]
    [InlineData("🐝 and 🇫🇷, 👩🏽‍🚀", "🐝 🇫🇷 👩 🚀")]
    [InlineData("Straße STRASSE ﬁnd 𝐁𝐨𝐚𝐭 m²", "strass strass find boat m2")]
    [InlineData("pics photographs photo pictures", "photo photo photo photo")]
    public void Words_become_terms(string text, string terms) => Assert.Equal(terms, Terms(text));

    [Theory]
    [InlineData("pet", "dog", true)]
    [InlineData("dog", "pet", false)]
    [InlineData("trip", "journey", true)]
    [InlineData("journey", "trip", true)]
    [InlineData("trip", "trip", false)]
    [InlineData("lake", "river", false)]
    [InlineData("allergic", "allergy", true)]
    [InlineData("wife", "married", true)]
    [InlineData("birthday", "born", true)]
    [InlineData("flight", "flies", true)]
    [InlineData("decision", "decided", true)]
    [InlineData("cost", "dollars", true)]
    [InlineData("flat", "apartment", true)]
    [InlineData("married", "wife", false)]
    public void Related_words_are_known(string word, string other, bool related) =>
        Assert.Equal(related, RelatedWords.Of(Terms(word)).Contains(Terms(other), StringComparer.Ordinal));

    [Fact]
    public void A_stop_word_is_related_to_nothing() => Assert.Empty(RelatedWords.Of(""));

    private static string Terms(string text) =>
        string.Join(' ', RecallTokenizer.Tokenize(text, 100).Select(token => RecallTerms.Of(token)).Where(term => term.Length > 0));
}
