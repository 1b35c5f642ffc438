using OrleansMemory.Grains.Memories.Recall;
using Xunit;
using static OrleansMemory.Tests.Memories.Recall.Recollections;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class RecallIndexLimitTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ?! → ")]
    [InlineData("what is it that you have")]
    public void Without_terms_the_newest_come_first(string question) =>
        Assert.Equal(
            "new middle old",
            Found(
                Index(Fact("middle", "tea", Now.AddDays(-2)), Fact("new", "I saw Oslo?", Now), Fact("old", "the of", Now.AddDays(-3))),
                question
            )
        );

    [Fact]
    public void A_name_alone_finds_what_that_person_said_newest_first()
    {
        RecallIndex index = Index(
            Turn("a1", "tea", "Anna", position: 1),
            Turn("t", "tea", "Tom", position: 2),
            Turn("a2", "tea", "Anna", position: 3)
        );
        Assert.Equal("a2 a1 t", Found(index, "What did Anna do?"));
    }

    [Fact]
    public void Unknown_words_find_nothing() => Assert.Empty(Index(Fact("a", "tea")).Search(Ask("xylophone")));

    [Fact]
    public void An_empty_index_finds_nothing()
    {
        RecallIndex index = Index();
        Assert.Empty(index.Search(Ask("tea")));
        Assert.Empty(index.Search(Ask("")));
        Assert.Empty(index.Search(Ask("yesterday")));
    }

    [Fact]
    public void A_limit_below_one_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Index().Search(Ask("tea", limit: 0)));

    [Theory]
    [InlineData("boat")]
    [InlineData("How many boats are there?")]
    [InlineData("")]
    public void The_filter_is_applied_before_the_cut(string question)
    {
        RecallIndex index = Index(Enumerable.Range(0, 300).Select(i => Turn($"m{i}", "a boat", episode: $"s{i}")));
        Assert.Equal(3, index.Search(Ask(question, limit: 10, accept: id => id is "m3" or "m150" or "m299")).Count);
        Assert.Empty(index.Search(Ask(question, limit: 10, accept: _ => false)));
        Assert.Equal(300, index.Search(Ask(question, limit: int.MaxValue)).Count);
    }

    [Fact]
    public void Hidden_memories_lend_no_words()
    {
        RecallIndex index = Index(Fact("hidden", "regatta catamaran"), Fact("shown", "regatta"), Fact("b", "catamaran"));
        Assert.Equal(["shown"], index.Search(Ask("regatta", accept: id => id != "hidden")).Select(hit => hit.Id));
    }

    [Fact]
    public void Of_equal_memories_the_newest_then_the_later_then_the_lower_id_comes_first()
    {
        RecallIndex index = Index(
            Turn("c", "boat", episode: "s1", position: 1),
            Turn("b", "boat", episode: "s2", position: 1),
            Turn("d", "boat", episode: "s3", position: 2),
            Turn("a", "boat", episode: "s4", at: Now.AddDays(-500))
        );
        Assert.Equal("d b c a", Found(index, "boat"));
    }

    [Fact]
    public void A_memory_put_again_is_replaced()
    {
        RecallIndex index = Index(Fact("a", "boat"), Fact("b", "boat"));
        index.Put(Fact("a", "house"));
        Assert.Equal((2, "b", "a"), (index.Count, Found(index, "boat"), Found(index, "house")));
        Assert.True(index.Contains("a"));
        Assert.True(index.Remove("a"));
        Assert.False(index.Remove("a"));
        Assert.False(index.Contains("a"));
        Assert.Equal((1, ""), (index.Count, Found(index, "house")));
    }

    [Fact]
    public void A_huge_question_is_answered_by_its_rarest_words()
    {
        RecallIndex index = Index(
            Enumerable
                .Range(0, 200)
                .Select(i => Fact($"m{i}", $"common{i / 2} word{i} all"))
                .Append(Fact("rare", "needle"))
                .Append(Fact("late", "thread"))
        );
        string words = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"common{i}"));
        Assert.Equal("rare", Found(index, $"{words} all needle", 1));
        string filler = string.Concat(Enumerable.Repeat("the ", RecallIndex.MaxQueryTokens - 1));
        Assert.Equal("rare", Found(index, $"{filler}needle thread"));
        Assert.NotEmpty(index.Search(Ask(string.Concat(Enumerable.Repeat("all needle ", 100_000)))));
    }

    [Fact]
    public void Of_a_huge_memory_the_beginning_is_found()
    {
        string hay = string.Concat(Enumerable.Repeat("hay ", RecallIndex.MaxDocumentTokens - 2));
        string straw = string.Concat(Enumerable.Repeat(" straw", 200_000));
        RecallIndex index = Index(Fact("huge", $"needle {hay}pin thread{straw}") with { Caption = "lamp" }, Fact("small", "straw"));
        Assert.Equal("huge", Found(index, "needle"));
        Assert.Equal("huge", Found(index, "pin"));
        Assert.Equal("", Found(index, "thread"));
        Assert.Equal("", Found(index, "lamp"));
        Assert.Equal("small", Found(index, "straw"));
    }

    [Fact]
    public void Hostile_text_is_taken_as_it_is()
    {
        RecallIndex index = Index(Fact("a", "\uD800 \0 ' OR 1=1; -- %_ \u202E boat"), Fact("b", new string('x', 1_000_000)));
        Assert.Equal("a", Found(index, "\uDC00 boat ' \" & | ! <-> :*"));
        Assert.Equal("b", Found(index, new string('x', 2_000_000)));
    }

    [Fact]
    public void Memories_that_are_gone_give_their_bytes_back()
    {
        RecallIndex index = Index();
        for (int i = 0; i < 1_000; i++)
        {
            index.Put(Turn($"m{i}", $"word{i} of a boat", "Anna", position: i));
        }

        long full = index.EstimatedBytes;
        Assert.InRange(full / 1_000, 150, 1_000);
        for (int i = 0; i < 1_000; i++)
        {
            index.Remove($"m{i}");
        }

        Assert.True(index.EstimatedBytes < full / 2, $"{index.EstimatedBytes} of {full}");
    }
}
