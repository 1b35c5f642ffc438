using OrleansMemory.Grains.Memories.Recall.Indexing;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class FunctionWordsTests
{
    [Theory]
    [InlineData("Das Boot ist alt.", TextLanguage.German)]
    [InlineData("Wo wohnt Anna?", TextLanguage.German)]
    [InlineData("Mon chat habite ici.", TextLanguage.French)]
    [InlineData("El gato vive en la cocina.", TextLanguage.Spanish)]
    [InlineData("The boat is old.", TextLanguage.English)]
    [InlineData("I drove from Los Angeles to La Paz with El Greco, en route to the sea.", TextLanguage.English)]
    [InlineData("Red hat", TextLanguage.English)]
    [InlineData("Katze", TextLanguage.English)]
    [InlineData("Моя кошка", TextLanguage.English)]
    [InlineData("", TextLanguage.English)]
    public void The_language_shows_in_its_function_words(string text, object language) =>
        Assert.Equal((TextLanguage)language, FunctionWords.LanguageOf(RecallTokenizer.Tokenize(text, 100)));
}
