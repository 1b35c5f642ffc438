using OrleansMemory.Grains.Memories.Recall;
using Xunit;
using static OrleansMemory.Tests.Memories.Recall.Recollections;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class RecallIndexTests
{
    [Fact]
    public void A_memory_is_found_by_other_forms_of_its_words() =>
        Assert.Equal("b", Found(Index(Fact("a", "The stove is broken."), Fact("b", "She bought two children's bicycles.")), "Which child did she buy a bike for?"));

    [Fact]
    public void Accents_and_case_do_not_matter() => Assert.Equal("a", Found(Index(Fact("a", "CAFÉ Zürich"), Fact("b", "tea")), "cafe zurich"));

    [Theory]
    [InlineData("Wo ist mein Fahrrad?", "de")]
    [InlineData("где мой велосипед", "ru")]
    [InlineData("自転車はどこですか", "ja")]
    [InlineData("내 자전거 어디 있어", "ko")]
    [InlineData("จักรยาน", "th")]
    public void Other_languages_are_found_by_their_words(string question, string id) => Assert.StartsWith(
        id,
        Found(Index(Fact("de", "Das Fahrrad steht im Keller."), Fact("ru", "Велосипед в подвале."), Fact("ja", "自転車は地下室にあります。"), Fact("ko", "자전거는 지하실에 있다."), Fact("th", "จักรยานอยู่ในห้องใต้ดิน")), question),
        StringComparison.Ordinal);

    [Fact]
    public void A_turn_is_found_by_the_words_around_it()
    {
        RecallIndex index = Index(
            new RecallWeights { Feedback = 0 },
            Turn("a", "Which lake is your favourite?", position: 1), Turn("b", "Hard to say. Vattern!", position: 2), Turn("c", "Fine.", position: 3),
            Turn("d", "It rains.", position: 4), Turn("x", "Hard to say.", episode: "s2"));
        Assert.Equal("a b c", Found(index, "favourite lake"));
    }

    [Fact]
    public void An_answer_gets_more_of_a_question_than_of_a_statement()
    {
        RecallIndex index = Index(
            Turn("q", "A violin?", episode: "s1", position: 1), Turn("answer", "Well.", episode: "s1", position: 2),
            Turn("s", "A violin!", episode: "s2", position: 1), Turn("remark", "Well.", episode: "s2", position: 2));
        IReadOnlyList<RecallHit> hits = index.Search(Ask("violin"));
        Assert.True(hits.Single(hit => hit.Id == "answer").Score > hits.Single(hit => hit.Id == "remark").Score);
        Assert.True(hits.Single(hit => hit.Id == "s").Score > hits.Single(hit => hit.Id == "q").Score);
    }

    [Fact]
    public void A_turn_put_between_two_others_parts_them_and_joins_them_when_it_goes()
    {
        RecallIndex index = Index(Turn("a", "violin", position: 1), Turn("e", "x", position: 5));
        double near = Score(index, "violin", "e");
        index.Put(Turn("c", "y", position: 3));
        Assert.True(Score(index, "violin", "e") < near);
        index.Remove("c");
        Assert.Equal(near, Score(index, "violin", "e"));
    }

    [Fact]
    public void Facts_and_turns_without_an_episode_have_no_neighbours()
    {
        RecallIndex index = Index(Fact("a", "violin"), Fact("b", "drum"), Turn("c", "tea") with { Episode = null }, Turn("d", "violin", position: 1), Fact("f", "coffee") with { Episode = "s1", Position = 2 });
        Assert.Equal("a d", string.Join(' ', Found(index, "violin").Split(' ').Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void The_episode_that_fits_as_a_whole_lifts_its_turns()
    {
        RecallDocument[] turns =
        [
            Turn("a", "a boat", episode: "s1", position: 1), Turn("x", "rain", episode: "s1", position: 2), Turn("y", "rain", episode: "s1", position: 3),
            Turn("z", "a mast", episode: "s1", position: 4), Turn("b", "a boat", episode: "s2", position: 1, at: Now), Turn("v", "rain", episode: "s2", position: 2),
            Turn("w", "rain", episode: "s2", position: 3), Turn("u", "a tree", episode: "s2", position: 4),
        ];
        string[] with = Found(Index(turns), "boat mast").Split(' ');
        string[] without = Found(Index(new RecallWeights { Episode = 0 }, turns), "boat mast").Split(' ');
        Assert.True(Array.IndexOf(with, "a") < Array.IndexOf(with, "b"));
        Assert.True(Array.IndexOf(without, "b") < Array.IndexOf(without, "a"));
    }

    [Fact]
    public void A_caption_counts_less_than_the_text()
    {
        RecallIndex index = Index(new RecallWeights { Feedback = 0 }, Fact("caption", "Look!") with { Caption = "a photo of a boat" }, Fact("text", "Look, a boat on a photo of"), Fact("none", "Look!"));
        Assert.Equal("text caption", Found(index, "boat"));
    }

    [Fact]
    public void What_the_named_person_said_comes_first()
    {
        RecallIndex index = Index(Turn("a", "I like opera", "Anna", "s1"), Turn("t", "I like opera", "Tom", "s2", at: Now));
        Assert.Equal("t a", Found(index, "Who likes opera?"));
        Assert.Equal("a t", Found(index, "Does Anna like opera?"));
    }

    [Fact]
    public void A_fact_that_names_the_person_counts_as_hers()
    {
        RecallIndex index = Index(Turn("turn", "nothing", "Anna"), Fact("anna", "Anna likes opera"), Fact("tom", "Tom likes opera", Now));
        Assert.Equal("anna tom", Found(index, "What opera does Anna like?"));
    }

    [Fact]
    public void Questions_in_the_first_person_mean_the_user()
    {
        RecallIndex index = Index(Turn("u", "a degree in law", role: "user", episode: "s1"), Turn("b", "a degree in law", role: "assistant", episode: "s2", at: Now));
        Assert.Equal("u b", Found(index, "Which degree do I have?"));
        Assert.Equal("b u", Found(index, "Which degree did you recommend to me?"));
    }

    [Fact]
    public void Questions_tell_less_unless_a_user_asks_them()
    {
        Assert.Equal("b a", Found(Index(Turn("a", "a red boat?", episode: "s1", at: Now), Turn("b", "a red boat", episode: "s2")), "boat"));
        Assert.Equal("a b", Found(Index(Turn("a", "a red boat?", episode: "s1", role: "user", at: Now), Turn("b", "a red boat", episode: "s2")), "boat"));
    }

    [Fact]
    public void Names_and_the_first_person_tell_more()
    {
        Assert.Equal("b a", Found(Index(Fact("a", "The boat was lost to storms", Now), Fact("b", "The boat was lost to Denmark")), "boat"));
        Assert.Equal("b a", Found(Index(Fact("a", "Her boat was red", Now), Fact("b", "My boat was red")), "boat"));
    }

    [Fact]
    public void Where_asks_for_memories_with_a_place()
    {
        RecallIndex index = Index(
            new RecallWeights { Feedback = 0 }, Fact("a", "The boat was built by Denmark", Now), Fact("b", "The boat was built near Denmark"));
        Assert.Equal("a b", Found(index, "Who built the boat?"));
        Assert.Equal("b a", Found(index, "Where was the boat built?"));
    }

    [Fact]
    public void Of_two_named_people_the_first_is_the_one_who_said_it()
    {
        RecallIndex index = Index(Turn("a", "a scarf", "Anna", "s1"), Turn("t", "a scarf", "Tom", "s2", at: Now));
        Assert.Equal("a t", Found(index, "What scarf did Anna give Tom?"));
        Assert.Equal("t a", Found(index, "What scarf did Tom give Anna?"));
        Assert.Equal("t a", Found(index, "What scarf do Anna and Tom like?"));
    }

    [Fact]
    public void When_asks_for_memories_with_a_time()
    {
        RecallIndex index = Index(Fact("time", "The boat sank yesterday."), Fact("other", "The boat sank slowly.", Now));
        Assert.Equal("time other", Found(index, "When did the boat sink?"));
    }

    [Fact]
    public void A_date_finds_what_was_said_then_also_without_a_word_of_it()
    {
        RecallIndex index = Index(
            Fact("then", "The roof leaks.", new DateTimeOffset(2023, 5, 8, 14, 0, 0, TimeSpan.Zero)), Fact("boat", "The boat was new.", Now), Fact("other", "It rains.", Now));
        Assert.Equal("then", Found(index, "What happened on 7 May 2023?", 1));
        Assert.Equal(["boat", "then"], Found(index, "What happened to the boat on 7 May 2023?").Split(' ').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_list_is_filled_from_several_episodes()
    {
        RecallIndex index = Index(
            new RecallWeights { Spread = 2, Feedback = 0 },
            Turn("a1", "tulips", episode: "s1", position: 10), Turn("a2", "tulips", episode: "s1", position: 20), Turn("a3", "tulips", episode: "s1", position: 30),
            Turn("x", "rain", episode: "s1", position: 11), Turn("y", "rain", episode: "s1", position: 12), Turn("z", "rain", episode: "s1", position: 21),
            Turn("w", "rain", episode: "s1", position: 22), Turn("b", "tulips, snow, ice, wind, fog, hail, heat, frost", episode: "s2"));
        Assert.DoesNotContain("b", Found(index, "Tulips?", 3), StringComparison.Ordinal);
        Assert.Contains("b", Found(index, "How many tulips?", 3), StringComparison.Ordinal);
    }

    [Fact]
    public void Related_words_find_less_than_the_word_itself() =>
        Assert.Equal("pet dog", Found(Index(Fact("dog", "He has a dog."), Fact("pet", "He has a pet."), Fact("boat", "He has a boat.")), "Which pet is his?"));

    [Fact]
    public void Words_of_the_best_memories_find_further_ones()
    {
        RecallIndex index = Index(Fact("a", "The regatta was won by a catamaran."), Fact("b", "The catamaran is white."), Fact("c", "The house is white."));
        Assert.Equal("a b", Found(index, "regatta"));
        Assert.Equal("a", Found(Index(new RecallWeights { Feedback = 0 }, Fact("a", "The regatta was won by a catamaran."), Fact("b", "The catamaran is white.")), "regatta"));
    }

    private static double Score(RecallIndex index, string question, string id) => index.Search(Ask(question)).SingleOrDefault(hit => hit.Id == id).Score;
}
