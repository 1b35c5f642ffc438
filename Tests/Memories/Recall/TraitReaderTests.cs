using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Text;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class TraitReaderTests
{
    [Theory]
    [InlineData("The boat sank.", MemoryTraits.Turn)]
    [InlineData("The boat sank yesterday.", MemoryTraits.Turn | MemoryTraits.TimeWord)]
    [InlineData("The boat sank in 2021", MemoryTraits.Turn | MemoryTraits.TimeWord)]
    [InlineData("It may sink", MemoryTraits.Turn)]
    [InlineData("Did it sink?", MemoryTraits.Turn | MemoryTraits.Question)]
    [InlineData("Did it sink? 🙂 \"", MemoryTraits.Turn | MemoryTraits.Question)]
    [InlineData("Did it sink? No", MemoryTraits.Turn)]
    [InlineData("沈みましたか？", MemoryTraits.Turn | MemoryTraits.Question)]
    [InlineData("The boat sank near Oslo.", MemoryTraits.Turn | MemoryTraits.Name | MemoryTraits.Place)]
    [InlineData("The boat sank in the North", MemoryTraits.Turn | MemoryTraits.Name | MemoryTraits.Place)]
    [InlineData("The boat sank in March", MemoryTraits.Turn | MemoryTraits.Name)]
    [InlineData("The Vasa sank. It was new.", MemoryTraits.Turn | MemoryTraits.Name)]
    [InlineData("It sank. The end", MemoryTraits.Turn)]
    [InlineData("It was our boat", MemoryTraits.Turn | MemoryTraits.FirstPerson)]
    [InlineData("Look, I'm wet", MemoryTraits.Turn | MemoryTraits.FirstPerson)]
    [InlineData("", MemoryTraits.Turn)]
    public void Signs_are_read_from_the_text(string text, object traits) =>
        Assert.Equal((MemoryTraits)traits, Read(Recollections.Turn("a", text)));

    [Theory]
    [InlineData("user", MemoryTraits.Turn | MemoryTraits.User)]
    [InlineData("Assistant", MemoryTraits.Turn | MemoryTraits.Assistant)]
    [InlineData("tool", MemoryTraits.Turn)]
    public void Roles_are_known(string role, object traits) =>
        Assert.Equal((MemoryTraits)traits, Read(Recollections.Turn("a", "boat", role: role)));

    [Fact]
    public void A_long_text_that_ends_with_a_question_is_none()
    {
        RecallDocument turn = Recollections.Turn("a", "Did it sink?");
        Assert.Equal(MemoryTraits.Turn, TraitReader.Read(turn, Tokenizer.Tokenize(turn.Text, 100), terms: 17));
    }

    [Fact]
    public void A_fact_is_no_turn() => Assert.Equal(MemoryTraits.None, Read(Recollections.Fact("a", "The boat sank.")));

    private static MemoryTraits Read(RecallDocument document) =>
        TraitReader.Read(document, Tokenizer.Tokenize(document.Text, 100), terms: 16);
}
