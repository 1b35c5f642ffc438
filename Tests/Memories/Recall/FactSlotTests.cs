using OrleansMemory.Grains.Memories.Recall.Indexing;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class FactSlotTests
{
    [Theory]
    [InlineData("Ada lives in Oslo", "Ada is living in Rome now.")]
    [InlineData("Lives in Oslo.", "The user lives in a flat in Rome")]
    [InlineData("My favourite colour is teal", "favorite color is red")]
    [InlineData("Ada's birthday is 3 May", "Ada's birthday is on the 4th of May")]
    [InlineData("Her dog is called Rex", "The dog is named Fido")]
    [InlineData("I work for Contoso", "Works at Fabrikam")]
    public void Two_facts_of_one_slot_contradict_each_other(string fact, string other)
    {
        Assert.NotNull(Slot(fact));
        Assert.Equal(Slot(fact), Slot(other));
    }

    [Theory]
    [InlineData("Ada lives in Oslo", "Tom lives in Oslo")]
    [InlineData("Ada lives in Oslo", "Ada works in Oslo")]
    [InlineData("My favourite colour is teal", "My favourite food is soup")]
    public void Facts_about_something_else_do_not(string fact, string other) => Assert.NotEqual(Slot(fact), Slot(other));

    [Theory]
    [InlineData("Likes tea")]
    [InlineData("Ada is tired")]
    [InlineData("Her name is not Ada")]
    [InlineData("Lives in")]
    [InlineData("When the long winter ended Ada said that she lives in Oslo")]
    [InlineData("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen lives in Oslo")]
    [InlineData("")]
    public void A_fact_of_another_form_has_none(string fact) => Assert.Null(Slot(fact));

    private static string? Slot(string fact) => FactSlot.Of(RecallTokenizer.Tokenize(fact, 100));
}
