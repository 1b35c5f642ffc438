using OrleansMemory.Grains.Memories.Recall;
using Xunit;
using static OrleansMemory.Tests.Memories.Recall.Recollections;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class RecallIndexTests
{
    [Fact]
    public void A_memory_is_found_by_other_forms_of_its_words() =>
        Assert.Equal(
            "b",
            Found(
                Index(Fact("a", "The stove is broken."), Fact("b", "She bought two children's bicycles.")),
                "Which child did she buy a bike for?"
            )
        );

    [Fact]
    public void Accents_and_case_do_not_matter() =>
        Assert.Equal("a", Found(Index(Fact("a", "CAFÉ Zürich"), Fact("b", "tea")), "cafe zurich"));

    [Theory]
    [InlineData("Wo ist mein Fahrrad?", "de")]
    [InlineData("где мой велосипед", "ru")]
    [InlineData("自転車はどこですか", "ja")]
    [InlineData("내 자전거 어디 있어", "ko")]
    [InlineData("จักรยาน", "th")]
    public void Other_languages_are_found_by_their_words(string question, string id) =>
        Assert.StartsWith(
            id,
            Found(
                Index(
                    Fact("de", "Das Fahrrad steht im Keller."),
                    Fact("ru", "Велосипед в подвале."),
                    Fact("ja", "自転車は地下室にあります。"),
                    Fact("ko", "자전거는 지하실에 있다."),
                    Fact("th", "จักรยานอยู่ในห้องใต้ดิน")
                ),
                question
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_turn_is_found_by_the_words_around_it()
    {
        RecallIndex index = Index(
            new RecallWeights { Feedback = 0 },
            Turn("a", "Which lake is your favourite?", position: 1),
            Turn("b", "Hard to say. Vattern!", position: 2),
            Turn("c", "Fine.", position: 3),
            Turn("d", "It rains.", position: 4),
            Turn("x", "Hard to say.", episode: "s2")
        );
        Assert.Equal("a b c", Found(index, "favourite lake"));
    }

    [Fact]
    public void An_answer_gets_more_of_a_question_than_of_a_statement()
    {
        RecallIndex index = Index(
            Turn("q", "A violin?", episode: "s1", position: 1),
            Turn("answer", "Well.", episode: "s1", position: 2),
            Turn("s", "A violin!", episode: "s2", position: 1),
            Turn("remark", "Well.", episode: "s2", position: 2)
        );
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
        RecallIndex index = Index(
            Fact("a", "violin"),
            Fact("b", "drum"),
            Turn("c", "tea") with
            {
                Episode = null,
            },
            Turn("d", "violin", position: 1),
            Fact("f", "coffee") with
            {
                Episode = "s1",
                Position = 2,
            }
        );
        Assert.Equal("a d", string.Join(' ', Found(index, "violin").Split(' ').Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void The_episode_that_fits_as_a_whole_lifts_its_turns()
    {
        RecallDocument[] turns =
        [
            Turn("a", "a boat", episode: "s1", position: 1),
            Turn("x", "rain", episode: "s1", position: 2),
            Turn("y", "rain", episode: "s1", position: 3),
            Turn("z", "a mast", episode: "s1", position: 4),
            Turn("b", "a boat", episode: "s2", position: 1, at: Now),
            Turn("v", "rain", episode: "s2", position: 2),
            Turn("w", "rain", episode: "s2", position: 3),
            Turn("u", "a tree", episode: "s2", position: 4),
        ];
        string[] with = Found(Index(turns), "boat mast").Split(' ');
        string[] without = Found(Index(new RecallWeights { Episode = 0 }, turns), "boat mast").Split(' ');
        Assert.True(Array.IndexOf(with, "a") < Array.IndexOf(with, "b"));
        Assert.True(Array.IndexOf(without, "b") < Array.IndexOf(without, "a"));
    }

    [Fact]
    public void A_caption_counts_less_than_the_text()
    {
        RecallIndex index = Index(
            new RecallWeights { Feedback = 0 },
            Fact("caption", "Look!") with
            {
                Caption = "a photo of a boat",
            },
            Fact("text", "Look, a boat on a photo of"),
            Fact("none", "Look!")
        );
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
        RecallIndex index = Index(
            Turn("u", "a degree in law", role: "user", episode: "s1"),
            Turn("b", "a degree in law", role: "assistant", episode: "s2", at: Now)
        );
        Assert.Equal("u b", Found(index, "Which degree do I have?"));
        Assert.Equal("b u", Found(index, "Which degree did you recommend to me?"));
    }

    [Fact]
    public void Questions_tell_less_unless_a_user_asks_them()
    {
        Assert.Equal("b a", Found(Index(Turn("a", "a red boat?", episode: "s1", at: Now), Turn("b", "a red boat", episode: "s2")), "boat"));
        Assert.Equal(
            "a b",
            Found(Index(Turn("a", "a red boat?", episode: "s1", role: "user", at: Now), Turn("b", "a red boat", episode: "s2")), "boat")
        );
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
            new RecallWeights { Feedback = 0 },
            Fact("a", "The boat was built by Denmark", Now),
            Fact("b", "The boat was built near Denmark")
        );
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
            Fact("then", "The roof leaks.", new DateTimeOffset(2023, 5, 8, 14, 0, 0, TimeSpan.Zero)),
            Fact("boat", "The boat was new.", Now),
            Fact("other", "It rains.", Now)
        );
        Assert.Equal("then", Found(index, "What happened on 7 May 2023?", 1));
        Assert.Equal(["boat", "then"], Found(index, "What happened to the boat on 7 May 2023?").Split(' ').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_list_is_filled_from_several_episodes()
    {
        RecallIndex index = Index(
            new RecallWeights { Spread = 2, Feedback = 0 },
            Turn("a1", "tulips", episode: "s1", position: 10),
            Turn("a2", "tulips", episode: "s1", position: 20),
            Turn("a3", "tulips", episode: "s1", position: 30),
            Turn("x", "rain", episode: "s1", position: 11),
            Turn("y", "rain", episode: "s1", position: 12),
            Turn("z", "rain", episode: "s1", position: 21),
            Turn("w", "rain", episode: "s1", position: 22),
            Turn("b", "tulips, snow, ice, wind, fog, hail, heat, frost", episode: "s2")
        );
        Assert.DoesNotContain("b", Found(index, "Tulips?", 3), StringComparison.Ordinal);
        Assert.Contains("b", Found(index, "How many tulips?", 3), StringComparison.Ordinal);
    }

    [Fact]
    public void Related_words_find_less_than_the_word_itself() =>
        Assert.Equal(
            "pet dog",
            Found(Index(Fact("dog", "He has a dog."), Fact("pet", "He has a pet."), Fact("boat", "He has a boat.")), "Which pet is his?")
        );

    [Fact]
    public void Words_of_the_best_memories_find_further_ones()
    {
        RecallDocument[] facts =
        [
            Fact("a", "The regatta was won by a catamaran."),
            Fact("b", "The catamaran is white."),
            Fact("c", "The house is white."),
        ];
        Assert.Equal("a b", Found(Index(facts), "regatta"));
        Assert.Equal("a", Found(Index(new RecallWeights { Feedback = 0 }, facts), "regatta"));
    }

    [Theory]
    [InlineData("What am I allergic to?", "Has an allergy to nuts.")]
    [InlineData("Who is my wife?", "Is married to Priya.")]
    [InlineData("When is my birthday?", "Was born on 3 March.")]
    [InlineData("Does she fly?", "She flies to Rome.")]
    [InlineData("What is my dog's name?", "The dog is called Rex.")]
    [InlineData("Where do I live?", "Resides in Lisbon.")]
    [InlineData("What medication do I take?", "Takes insulin each morning.")]
    [InlineData("Who is my employer?", "Works for a small company.")]
    [InlineData("How much does the gym cost?", "Pays 12.99 dollars a month.")]
    [InlineData("What is his favourite colour?", "His favorite color is teal.")]
    [InlineData("What did we decide?", "The decision was to sell.")]
    [InlineData("Who is my gf?", "My girlfriend is called Ana.")]
    [InlineData("Do I have 2 cats?", "Has two cats.")]
    public void What_is_asked_in_other_words_is_found(string question, string fact) =>
        Assert.Equal(
            "it",
            Found(
                Index(Fact("it", fact), Fact("race", "The race begins at noon!"), Fact("tram", "Take number 28, it goes to the castle.")),
                question,
                1
            )
        );

    [Theory]
    [InlineData("猫", "我的猫叫咪咪。")]
    [InlineData("咪", "我的猫叫咪咪。")]
    [InlineData("犬はどこ?", "私の犬は庭にいます。")]
    [InlineData("개", "우리 개는 마당에 있다.")]
    [InlineData("หมา", "หมาของฉันชื่อเร็กซ์")]
    [InlineData("Wohnt meine Schwester in Häusern?", "Unsere Schwestern haben ein Haus.")]
    [InlineData("Katze", "Ich habe zwei Katzen.")]
    [InlineData("Quels chats habitent ici ?", "Mon chat habite dans la cuisine.")]
    [InlineData("¿Dónde viven mis gatos?", "El gato vive en la cocina.")]
    [InlineData("Где живут кошки?", "Моя кошка живёт на кухне.")]
    [InlineData("أين الكتاب؟", "عندي كتب وكتاب جديد")]
    [InlineData("strasse", "Sie wohnt in der langen Straße.")]
    [InlineData("🐝", "I keep bees 🐝 at home")]
    public void Any_language_and_script_is_asked_and_found(string question, string text) =>
        Assert.Equal(
            "it",
            Found(
                Index(Fact("it", text), Fact("en", "The boat sank."), Fact("zh", "今天下雨了。"), Fact("de", "Das Boot ist alt.")),
                question,
                1
            )
        );

    [Fact]
    public void One_character_finds_no_word_that_only_has_it_inside_another_script() =>
        Assert.Equal("", Found(Index(Fact("a", "cat 狗"), Fact("b", "我的狗")), "猫"));

    [Fact]
    public void Asked_about_a_person_in_general_facts_come_first_then_what_she_says_of_herself()
    {
        RecallIndex index = Index(
            Turn("question", "What is the tallest tower of Asia?", role: "user", episode: "s1", at: Now),
            Turn("thanks", "Thank you!", role: "user", episode: "s2", at: Now),
            Turn("self", "I work at the harbour of Oslo.", role: "user", episode: "s3", at: Now.AddDays(-9)),
            Turn("answer", "I would suggest the tower in Tokyo.", role: "assistant", episode: "s4", at: Now),
            Fact("old", "Likes tea.", Now.AddDays(-30)),
            Fact("new", "Has two cats.", Now.AddDays(-20))
        );
        Assert.Equal("new old self", string.Join(' ', Found(index, "What do you know about me?").Split(' ').Take(3)));
        Assert.Equal(6, Found(index, "Tell me about myself").Split(' ').Length);
    }

    [Fact]
    public void Equal_facts_come_once_the_newest_with_their_count()
    {
        RecallIndex index = Index(
            Fact("a", "Likes green tea."),
            Fact("b", "likes GREEN tea", Now),
            Fact("c", "Likes green tea!", Now.AddDays(-1)),
            Fact("d", "Likes no green tea."),
            Fact("e", "Likes green tea.") with
            {
                Owner = "other",
            },
            Turn("t", "Likes green tea.")
        );
        Assert.Equal([("b", 3), ("d", 1), ("e", 1), ("t", 1)], Hits("green tea"));
        Assert.Equal([("a", 1)], index.Search(Ask("green tea", accept: id => id == "a")).Select(hit => (hit.Id, hit.Count)));
        Assert.Equal(("b", 3), (index.NewestOf("a", null, out int count), count));
        Assert.Null(index.NewestOf("a", _ => false, out _));

        index.Remove("b");
        Assert.Contains(("c", 2), Hits("green tea"));
        index.Put(Fact("c", "Likes black tea."));
        Assert.Contains(("a", 1), Hits("green tea"));

        IEnumerable<(string, int)> Hits(string question) => index.Search(Ask(question)).Select(hit => (hit.Id, hit.Count)).Order();
    }

    [Fact]
    public void Twelve_equal_facts_leave_room_for_others()
    {
        RecallIndex index = Index(
            Enumerable.Range(0, 12).Select(i => Fact($"m{i:00}", "Likes green tea.", Now.AddDays(-i))).Append(Fact("other", "Grows tea."))
        );
        Assert.Equal(["m00", "other"], Found(index, "tea", 2).Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal(["m00", "other"], Found(index, "How many teas?", 2).Split(' ').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_long_neighbour_lends_its_words_by_its_length()
    {
        string answer = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"word{i}"));
        RecallDocument[] turns =
        [
            Turn("a", "Thanks a lot, friend", episode: "s1", position: 1),
            Turn("b", $"violin {answer}", episode: "s1", position: 2),
            Turn("c", "Thanks a lot, friend", episode: "s2", position: 1),
            Turn("d", "violin", episode: "s2", position: 2),
        ];
        var whole = new RecallWeights
        {
            Feedback = 0,
            Episode = 0,
            NeighbourTerms = 100_000,
        };
        var limited = new RecallWeights { Feedback = 0, Episode = 0 };
        Assert.True(Score(Index(limited, turns), "violin", "a") < Score(Index(whole, turns), "violin", "a") / 2);
        Assert.Equal(Score(Index(whole, turns[2..]), "violin", "c"), Score(Index(limited, turns[2..]), "violin", "c"), 9);
    }

    [Fact]
    public void The_fit_tells_what_is_there_of_the_question()
    {
        RecallIndex index = Index(Fact("a", "green tea in the garden"), Fact("b", "a green boat"), Fact("c", "nothing at all"));
        Assert.Equal(1, Fit("green tea garden", "a"));
        Assert.InRange(Fit("green tea garden", "b"), 0.05, 0.4);
        Assert.InRange(Fit("green xylophone", "b"), 0.05, 0.4);
        Assert.Equal(1, Fit("", "c"));

        double Fit(string question, string id) => index.Search(Ask(question)).Single(hit => hit.Id == id).Fit;
    }

    private static double Score(RecallIndex index, string question, string id) =>
        index.Search(Ask(question)).SingleOrDefault(hit => hit.Id == id).Score;
}
