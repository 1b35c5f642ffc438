using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Memories.Recall.Query;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class QueryAnalyzerTests
{
    private readonly RecallMemories _memories = new(new ContextWeights(new RecallWeights()));

    [Theory]
    [InlineData("Where does Anna swim?", SpeakerChoice.Named, "anna")]
    [InlineData("where does ANNA swim", SpeakerChoice.Named, "anna")]
    [InlineData("What is Anna's favourite lake?", SpeakerChoice.Named, "anna")]
    [InlineData("Who is Anna? Does Anna swim?", SpeakerChoice.Named, "anna")]
    [InlineData("Where does Maria swim?", SpeakerChoice.Named, "maria lopez")]
    [InlineData("Where does Maria Lopez swim?", SpeakerChoice.Named, "maria lopez")]
    [InlineData("What did Anna give Tom?", SpeakerChoice.Subject, "anna")]
    [InlineData("What did Anna's sister give Tom?", SpeakerChoice.Subject, "tom")]
    [InlineData("What do Anna and Tom like?", SpeakerChoice.Anyone, null)]
    [InlineData("What does the swimmer like?", SpeakerChoice.Anyone, null)]
    [InlineData("Did Will swim?", SpeakerChoice.Named, "will")]
    [InlineData("Will there be a lake?", SpeakerChoice.Anyone, null)]
    [InlineData("When will it be warm?", SpeakerChoice.Anyone, null)]
    [InlineData("Where do I swim?", SpeakerChoice.User, null)]
    [InlineData("Can you tell me where my boat is?", SpeakerChoice.User, null)]
    [InlineData("Which lake did you recommend to me?", SpeakerChoice.Anyone, null)]
    [InlineData("What was your advice on my boat?", SpeakerChoice.Anyone, null)]
    [InlineData("Did Anna borrow my boat?", SpeakerChoice.Named, "anna")]
    public void Who_is_meant_is_read_from_names_and_person(string question, object choice, string? speaker)
    {
        Speak("Anna", "Tom", "Maria Lopez", "Will");
        AnalyzedQuery analyzed = Analyze(question);
        Assert.Equal(((SpeakerChoice)choice, speaker), (analyzed.Choice, analyzed.Speaker?.Name));
    }

    [Theory]
    [InlineData("Ann Lee", SpeakerChoice.Named, "ann lee")]
    [InlineData("Ann Ray", SpeakerChoice.Named, "ann ray")]
    [InlineData("Ann", SpeakerChoice.Anyone, null)]
    public void A_first_name_of_two_names_nobody(string name, object choice, string? speaker)
    {
        Speak("Ann Lee", "Ann Ray");
        AnalyzedQuery analyzed = Analyze($"Where does {name} swim?");
        Assert.Equal(((SpeakerChoice)choice, speaker, "swim"), (analyzed.Choice, analyzed.Speaker?.Name, Terms(analyzed)));
    }

    [Fact]
    public void A_first_name_that_is_a_whole_name_is_that_one()
    {
        Speak("Ann Lee", "Ann");
        Assert.Equal("ann", Analyze("Where does Ann swim?").Speaker?.Name);
    }

    [Fact]
    public void A_speaker_is_forgotten_with_the_last_memory()
    {
        Speaker first = _memories.Speakers.Add("Anna")!;
        Assert.Same(first, _memories.Speakers.Add("ANNA"));
        _memories.Speakers.Remove(first);
        Assert.Equal(SpeakerChoice.Named, Analyze("Anna").Choice);
        _memories.Speakers.Remove(first);
        Assert.Equal(SpeakerChoice.Anyone, Analyze("Anna").Choice);
        Assert.Null(_memories.Speakers.Add("!?"));
    }

    [Theory]
    [InlineData("When did she go?", QuestionKind.Time)]
    [InlineData("How long did it take?", QuestionKind.Time)]
    [InlineData("Which year was it?", QuestionKind.Time)]
    [InlineData("Where was she?", QuestionKind.Place)]
    [InlineData("Which city did she see?", QuestionKind.Place)]
    [InlineData("What did she do when it rained?", QuestionKind.Other)]
    [InlineData("Wann war das?", QuestionKind.Other)]
    [InlineData("", QuestionKind.Other)]
    public void The_first_words_tell_what_is_asked_for(string question, object kind) =>
        Assert.Equal((QuestionKind)kind, Analyze(question).Kind);

    [Theory]
    [InlineData("How many lakes are there?", true)]
    [InlineData("Which books did she read?", true)]
    [InlineData("What kinds of bread does she bake?", true)]
    [InlineData("What has she painted?", true)]
    [InlineData("What are her hobbies?", true)]
    [InlineData("In which lakes did she swim?", true)]
    [InlineData("Which people came?", true)]
    [InlineData("Which book did she read?", false)]
    [InlineData("What does she sell at markets?", false)]
    [InlineData("What James said", false)]
    [InlineData("What glass is it?", false)]
    [InlineData("Who reads books?", false)]
    public void A_question_for_several_things_is_known_by_its_plural(string question, bool several)
    {
        Speak("James");
        Assert.Equal(several, Analyze(question).AsksSeveral);
    }

    [Fact]
    public void Terms_are_stems_without_stop_words_names_and_repetitions()
    {
        Speak("Anna");
        Assert.Equal("swim lake cold swimmer", Terms(Analyze("Did Anna swim in the lakes, the cold lakes, when she swam as a swimmer?")));
    }

    [Theory]
    [InlineData("What do you know about me?", SpeakerChoice.User)]
    [InlineData("Tell me about myself", SpeakerChoice.User)]
    [InlineData("Do you remember me?", SpeakerChoice.User)]
    [InlineData("hi, who am I", SpeakerChoice.User)]
    [InlineData("Please list everything you have learned about me so far.", SpeakerChoice.User)]
    [InlineData("Tell me about Anna", SpeakerChoice.Named)]
    [InlineData("What do you remember about Anna?", SpeakerChoice.Named)]
    [InlineData("Was weißt du über mich?", SpeakerChoice.User)]
    [InlineData("Que sais-tu de moi ?", SpeakerChoice.User)]
    [InlineData("¿Qué sabes de mí?", SpeakerChoice.User)]
    [InlineData("Что ты знаешь обо мне?", SpeakerChoice.User)]
    public void A_question_about_a_person_in_general_has_no_words_of_its_own(string question, object choice)
    {
        Speak("Anna");
        AnalyzedQuery analyzed = Analyze(question);
        Assert.Equal((true, (SpeakerChoice)choice, ""), (analyzed.IsGeneral, analyzed.Choice, Terms(analyzed)));
    }

    [Theory]
    [InlineData("What do you know about boats?")]
    [InlineData("Tell me about my boat")]
    [InlineData("Do you remember the lake?")]
    [InlineData("What do you know?")]
    [InlineData("What did I tell you yesterday?")]
    [InlineData("")]
    public void A_question_about_anything_else_is_not_general(string question) => Assert.False(Analyze(question).IsGeneral);

    [Theory]
    [InlineData("What does Mel sail?", "melanie")]
    [InlineData("What does Melany sail?", "melanie")]
    [InlineData("what does melanei sail?", "melanie")]
    [InlineData("What does Debby sail?", "deborah")]
    [InlineData("Does Bob sail?", "robert")]
    [InlineData("Does Jonathan sail?", "jon")]
    [InlineData("Does Mellow sail?", null)]
    [InlineData("What mel is it?", null)]
    [InlineData("DOES MEL SAIL", "melanie")]
    [InlineData("Does Jane sail?", null)]
    public void Short_and_misspelt_names_are_those_of_the_one_speaker_they_fit(string question, string? speaker)
    {
        Speak("Melanie", "Deborah Smith", "Robert", "Jon");
        Assert.Equal(
            speaker is null ? null
                : speaker == "deborah" ? "deborah smith"
                : speaker,
            Analyze(question).Speaker?.Name
        );
    }

    [Fact]
    public void A_name_that_fits_two_speakers_or_is_a_word_of_the_memories_is_left_as_it_is()
    {
        Speak("Melanie", "Melissa", "Carla");
        Assert.Equal((null, "mel sail"), (Analyze("Does Mel sail?").Speaker?.Name, Terms(Analyze("Does Mel sail?"))));
        _memories.Add(Recollections.Fact("f", "Karl is not Carlo"));
        Assert.Null(Analyze("Does Carlo sail?").Speaker);
        Assert.Equal("carla", Analyze("Does Carlla sail?").Speaker?.Name);
        Assert.Equal("carla", Analyze("What does Carl sail?").Speaker?.Name);
        _memories.Add(Recollections.Fact("g", "Carl sails"));
        Assert.Equal("carla", Analyze("What does Carl sail?").Speaker?.Name);
        Assert.Null(Analyze("What Does Carl Sail?").Speaker);
    }

    private static string Terms(AnalyzedQuery analyzed) => string.Join(' ', analyzed.Words.Select(word => word.Text));

    private AnalyzedQuery Analyze(string question) => new QueryAnalyzer(_memories).Analyze(Recollections.Ask(question));

    private void Speak(params string[] names)
    {
        foreach (string name in names)
        {
            _memories.Speakers.Add(name);
        }
    }
}
