using System.ComponentModel.DataAnnotations;
using OrleansMemory.Grains.Memories.Recall;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

public sealed class RecallWeightsTests
{
    public static TheoryData<string, Action<RecallWeights>> Rules { get; } =
        new()
        {
            { "RecallWeights.TermSaturation must be 0 to 10.", weights => weights.TermSaturation = 10.1 },
            { "RecallWeights.LengthPenalty must be 0 to 1.", weights => weights.LengthPenalty = -0.1 },
            { "RecallWeights.Caption must be 0 to 1.", weights => weights.Caption = 1.1 },
            { "RecallWeights.Previous must be 0 to 1.", weights => weights.Previous = 1.1 },
            { "RecallWeights.PreviousQuestion must be 0 to 1.", weights => weights.PreviousQuestion = 1.1 },
            { "RecallWeights.Next must be 0 to 1.", weights => weights.Next = -1 },
            { "RecallWeights.SecondPrevious must be 0 to 1.", weights => weights.SecondPrevious = double.NaN },
            { "RecallWeights.SecondNext must be 0 to 1.", weights => weights.SecondNext = 2 },
            { "RecallWeights.NeighbourTerms must be 1 to 100000.", weights => weights.NeighbourTerms = 0 },
            { "RecallWeights.Related must be 0 to 1.", weights => weights.Related = 2 },
            { "RecallWeights.Episode must be 0 to 10.", weights => weights.Episode = -1 },
            { "RecallWeights.Speaker must be 1 to 10.", weights => weights.Speaker = 0.9 },
            { "RecallWeights.Subject must be 1 to 10.", weights => weights.Subject = 0.9 },
            { "RecallWeights.Time must be 1 to 10.", weights => weights.Time = 0.9 },
            { "RecallWeights.Place must be 1 to 10.", weights => weights.Place = 11 },
            { "RecallWeights.Question must be 0 to 1.", weights => weights.Question = 1.1 },
            { "RecallWeights.Name must be 1 to 10.", weights => weights.Name = 0 },
            { "RecallWeights.FirstPerson must be 1 to 10.", weights => weights.FirstPerson = 0 },
            { "RecallWeights.Date must be 0 to 10.", weights => weights.Date = double.PositiveInfinity },
            { "RecallWeights.DateAlone must be 0 to 1.", weights => weights.DateAlone = 2 },
            { "RecallWeights.Spread must be 0 to 10.", weights => weights.Spread = 11 },
            { "RecallWeights.FeedbackMemories must be 0 to 50.", weights => weights.FeedbackMemories = 51 },
            { "RecallWeights.FeedbackTerms must be 0 to 100.", weights => weights.FeedbackTerms = -1 },
            { "RecallWeights.Feedback must be 0 to 1.", weights => weights.Feedback = 1.1 },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_weight_out_of_range_fails_with_its_rule(string message, Action<RecallWeights> configure)
    {
        var weights = new RecallWeights();
        configure(weights);
        Assert.Equal(message, Assert.Single(Validate(weights)).ErrorMessage);
    }

    [Fact]
    public void Every_weight_has_a_rule_and_the_defaults_keep_them()
    {
        Assert.Equal(Rules.Count, typeof(RecallWeights).GetProperties().Length);
        Assert.Empty(Validate(new RecallWeights()));
    }

    private static List<ValidationResult> Validate(RecallWeights weights)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(weights, new ValidationContext(weights), results, validateAllProperties: true);
        return results;
    }
}
