using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// How much each sign counts when memories are looked for by their words. The defaults are measured; docs/recall-experiments.md has the
/// figures.
/// </summary>
public sealed class RecallWeights
{
    /// <summary>How soon more occurrences of a term stop to count (k1 of BM25), 0 to 10.</summary>
    /// <value>Default: 1.2.</value>
    [Range(0d, 10d, ErrorMessage = "RecallWeights.TermSaturation must be 0 to 10.")]
    public double TermSaturation { get; set; } = 1.2;

    /// <summary>
    /// How much long memories are held back (b of BM25), 0 to 1. Small values are ruinous where short questions of a user stand beside long
    /// answers of an assistant.
    /// </summary>
    /// <value>Default: 0.5.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.LengthPenalty must be 0 to 1.")]
    public double LengthPenalty { get; set; } = 0.5;

    /// <summary>What a word of an image's caption counts beside one of the text, 0 to 1, in steps of 1/256.</summary>
    /// <value>Default: 0.6.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.Caption must be 0 to 1.")]
    public double Caption { get; set; } = 0.6;

    /// <summary>What a word of the turn before counts beside an own one, 0 to 1, in steps of 1/256.</summary>
    /// <value>Default: 0.4.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.Previous must be 0 to 1.")]
    public double Previous { get; set; } = 0.4;

    /// <summary>
    /// The same where the turn before is a question, so that an answer is found by what was asked: 0 to 1, in steps of 1/256.
    /// </summary>
    /// <value>Default: 0.8.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.PreviousQuestion must be 0 to 1.")]
    public double PreviousQuestion { get; set; } = 0.8;

    /// <summary>What a word of the turn after counts beside an own one, 0 to 1, in steps of 1/256.</summary>
    /// <value>Default: 0.3.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.Next must be 0 to 1.")]
    public double Next { get; set; } = 0.3;

    /// <summary>What a word of the turn before the one before counts, 0 to 1, in steps of 1/256.</summary>
    /// <value>Default: 0.2.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.SecondPrevious must be 0 to 1.")]
    public double SecondPrevious { get; set; } = 0.2;

    /// <summary>What a word of the turn after the one after counts, 0 to 1, in steps of 1/256.</summary>
    /// <value>Default: 0.1.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.SecondNext must be 0 to 1.")]
    public double SecondNext { get; set; } = 0.1;

    /// <summary>
    /// How many words a neighbour lends at its full weight, 1 to 100,000. The words of a longer one count this divided by its length, so
    /// that the long answer of an assistant does not drown the short question beside it.
    /// </summary>
    /// <value>Default: 40.</value>
    [Range(1, 100_000, ErrorMessage = "RecallWeights.NeighbourTerms must be 1 to 100000.")]
    public int NeighbourTerms { get; set; } = 40;

    /// <summary>
    /// What a related word counts beside the one that is asked for, such as "kids" for "family": 0 (nothing) to 1, in steps of 1/256.
    /// </summary>
    /// <value>Default: 0.4.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.Related must be 0 to 1.")]
    public double Related { get; set; } = 0.4;

    /// <summary>What the fit of the whole episode counts beside that of the memory, 0 to 10.</summary>
    /// <value>Default: 0.3.</value>
    [Range(0d, 10d, ErrorMessage = "RecallWeights.Episode must be 0 to 10.")]
    public double Episode { get; set; } = 0.3;

    /// <summary>
    /// The factor for what the person said whom the question names, or the user when the question is in the first person: 1 (none) to 10.
    /// </summary>
    /// <value>Default: 1.8.</value>
    [Range(1d, 10d, ErrorMessage = "RecallWeights.Speaker must be 1 to 10.")]
    public double Speaker { get; set; } = 1.8;

    /// <summary>
    /// The factor for what the first person said of several whom the question names, as in "What did Ann give Tom?": 1 (none) to 10.
    /// </summary>
    /// <value>Default: 1.4.</value>
    [Range(1d, 10d, ErrorMessage = "RecallWeights.Subject must be 1 to 10.")]
    public double Subject { get; set; } = 1.4;

    /// <summary>The factor for memories with a time word when the question asks for a time: 1 (none) to 10.</summary>
    /// <value>Default: 1.5.</value>
    [Range(1d, 10d, ErrorMessage = "RecallWeights.Time must be 1 to 10.")]
    public double Time { get; set; } = 1.5;

    /// <summary>The factor for memories with the name of a place when the question asks for a place: 1 (none) to 10.</summary>
    /// <value>Default: 1.2.</value>
    [Range(1d, 10d, ErrorMessage = "RecallWeights.Place must be 1 to 10.")]
    public double Place { get; set; } = 1.2;

    /// <summary>
    /// The factor for memories that are short questions, which tell little: 0 to 1 (none). It is not applied to what a user says, who tells
    /// things to ask something about them.
    /// </summary>
    /// <value>Default: 0.85.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.Question must be 0 to 1.")]
    public double Question { get; set; } = 0.85;

    /// <summary>The factor for memories with a name in them: a capital letter inside a sentence. 1 (none) to 10.</summary>
    /// <value>Default: 1.1.</value>
    [Range(1d, 10d, ErrorMessage = "RecallWeights.Name must be 1 to 10.")]
    public double Name { get; set; } = 1.1;

    /// <summary>The factor for memories in the first person, which tell of the speaker: 1 (none) to 10.</summary>
    /// <value>Default: 1.1.</value>
    [Range(1d, 10d, ErrorMessage = "RecallWeights.FirstPerson must be 1 to 10.")]
    public double FirstPerson { get; set; } = 1.1;

    /// <summary>How much a memory gains that is of the date in the question, 0 to 10.</summary>
    /// <value>Default: 2.</value>
    [Range(0d, 10d, ErrorMessage = "RecallWeights.Date must be 0 to 10.")]
    public double Date { get; set; } = 2;

    /// <summary>
    /// The score on which <see cref="Date"/> acts where no word fits: 0 (a date alone finds nothing) to 1 (it counts as much as the best
    /// words).
    /// </summary>
    /// <value>Default: 0.4.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.DateAlone must be 0 to 1.")]
    public double DateAlone { get; set; } = 0.4;

    /// <summary>
    /// How much each memory that is already found holds back the others of its episode when the question asks for several things, which are
    /// mostly told in several episodes: 0 (not at all) to 10.
    /// </summary>
    /// <value>Default: 0.1.</value>
    [Range(0d, 10d, ErrorMessage = "RecallWeights.Spread must be 0 to 10.")]
    public double Spread { get; set; } = 0.1;

    /// <summary>How many of the best memories lend their words to the question, 0 (none) to 50.</summary>
    /// <value>Default: 5.</value>
    [Range(0, 50, ErrorMessage = "RecallWeights.FeedbackMemories must be 0 to 50.")]
    public int FeedbackMemories { get; set; } = 5;

    /// <summary>How many words they lend, 0 (none) to 100.</summary>
    /// <value>Default: 10.</value>
    [Range(0, 100, ErrorMessage = "RecallWeights.FeedbackTerms must be 0 to 100.")]
    public int FeedbackTerms { get; set; } = 10;

    /// <summary>What the best of those words counts beside one of the question, 0 to 1.</summary>
    /// <value>Default: 0.1.</value>
    [Range(0d, 1d, ErrorMessage = "RecallWeights.Feedback must be 0 to 1.")]
    public double Feedback { get; set; } = 0.1;
}
