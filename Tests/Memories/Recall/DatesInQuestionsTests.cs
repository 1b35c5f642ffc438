using System.Globalization;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Memories.Recall.Query;
using Xunit;

namespace OrleansMemory.Tests.Memories.Recall;

/// <summary>The questions are asked on Wednesday, 12 June 2024.</summary>
public sealed class DatesInQuestionsTests
{
    [Theory]
    [InlineData("What did I eat on 7 July 2023?", "2023-07-07", "2023-07-07")]
    [InlineData("What did I eat on the 7th of July, 2023?", "2023-07-07", "2023-07-07")]
    [InlineData("July 7, 2023: what was it?", "2023-07-07", "2023-07-07")]
    [InlineData("what about 2023-07-07", "2023-07-07", "2023-07-07")]
    [InlineData("Who called on 12 June?", "2024-06-12", "2024-06-12")]
    [InlineData("Who called on 13 June?", "2023-06-13", "2023-06-13")]
    [InlineData("What broke on 30 February 2023?", "2023-02-28", "2023-02-28")]
    [InlineData("What happened in May 2023?", "2023-05-01", "2023-05-31")]
    [InlineData("What happened in May?", "2024-05-01", "2024-05-31")]
    [InlineData("What happened in dec 2021", "2021-12-01", "2021-12-31")]
    [InlineData("What happened last November?", "2023-11-01", "2023-11-30")]
    [InlineData("Where did we live in 2021?", "2021-01-01", "2021-12-31")]
    [InlineData("What did I do today?", "2024-06-12", "2024-06-12")]
    [InlineData("What did I do yesterday?", "2024-06-11", "2024-06-11")]
    [InlineData("Who comes tomorrow?", "2024-06-13", "2024-06-13")]
    [InlineData("What did I see last night?", "2024-06-11", "2024-06-11")]
    [InlineData("What did I plant last week?", "2024-06-03", "2024-06-09")]
    [InlineData("What did I plant this week?", "2024-06-10", "2024-06-16")]
    [InlineData("What did I plant last weekend?", "2024-06-08", "2024-06-09")]
    [InlineData("What did I plant last month?", "2024-05-01", "2024-05-31")]
    [InlineData("What did I plant last year?", "2023-01-01", "2023-12-31")]
    [InlineData("What did I plant two weeks ago?", "2024-05-26", "2024-06-01")]
    [InlineData("What did I plant 3 days ago?", "2024-06-09", "2024-06-09")]
    [InlineData("What did I plant a couple of months ago?", "2024-04-01", "2024-04-30")]
    [InlineData("What did I plant a year ago?", "2023-01-01", "2023-12-31")]
    [InlineData("What did I plant in the past ten days?", "2024-06-02", "2024-06-12")]
    [InlineData("Who called on Monday?", "2024-06-10", "2024-06-10")]
    [InlineData("Who called last Wednesday?", "2024-06-05", "2024-06-05")]
    [InlineData("Where was I in the last two weeks of August 2023?", "2023-08-18", "2023-08-31")]
    [InlineData("Where was I on the first weekend of October 2023?", "2023-10-07", "2023-10-08")]
    [InlineData("Where was I on the last weekend of October 2023?", "2023-10-28", "2023-10-29")]
    [InlineData("Where was I in early March 2023?", "2023-03-01", "2023-03-10")]
    [InlineData("Where was I in the second half of May?", "2024-05-16", "2024-05-30")]
    [InlineData("Where was I at the end of June 2022?", "2022-06-21", "2022-06-30")]
    public void A_date_is_read(string question, string first, string last)
    {
        DateSpan date = Assert.Single(Analyze(question).Dates);
        Assert.Equal((first, last), (Text(date.First), Text(date.Last)));
    }

    [Theory]
    [InlineData("May I ask what I march for?")]
    [InlineData("Which game has 2000 pieces?")]
    [InlineData("How many times did I run in the park?")]
    [InlineData("What is the last of my wishes?")]
    [InlineData("What do I do on most days?")]
    [InlineData("Is the second one better?")]
    [InlineData("")]
    public void Words_that_are_no_date_stay_words(string question) => Assert.Empty(Analyze(question).Dates);

    [Theory]
    [InlineData("What did I plant in May 2023?", "plant")]
    [InlineData("Which tulips did I plant two weeks ago?", "tulip plant")]
    [InlineData("What did I plant in the last week of October?", "plant")]
    public void A_date_is_no_term(string question, string terms) =>
        Assert.Equal(terms, string.Join(' ', Analyze(question).Words.Select(word => word.Text)));

    [Fact]
    public void Two_dates_are_both_read() => Assert.Equal(2, Analyze("What happened between May 2021 and July 2022?").Dates.Count);

    [Fact]
    public void The_day_of_the_question_is_that_of_its_own_time_zone()
    {
        var query = new RecallQuery
        {
            Text = "today",
            Now = new DateTimeOffset(2024, 6, 12, 23, 0, 0, TimeSpan.FromHours(-5)),
            Limit = 1,
        };
        Assert.Equal(
            "2024-06-12",
            Text(new QueryAnalyzer(new RecallMemories(new ContextWeights(new RecallWeights()))).Analyze(query).Dates[0].First)
        );
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public void At_the_ends_of_the_calendar_every_question_is_read(string today)
    {
        foreach (
            string question in new[]
            {
                "today tomorrow",
                "yesterday",
                "last week",
                "last weekend",
                "last month",
                "last year",
                "999 years ago",
                "999 weeks ago",
                "999 months ago",
                "last Sunday",
                "in the past 999 days",
                "in the past 999 months",
                "in the past 999 years",
                "on 31 December",
                "in December",
                "last December",
                "early December",
            }
        )
        {
            var query = new RecallQuery
            {
                Text = question,
                Now = new DateTimeOffset(DateTime.Parse(today, CultureInfo.InvariantCulture), TimeSpan.Zero),
                Limit = 1,
            };
            Assert.NotEmpty(new QueryAnalyzer(new RecallMemories(new ContextWeights(new RecallWeights()))).Analyze(query).Dates);
        }
    }

    [Theory]
    [InlineData("on 7 July 2023", 6, 0.7)]
    [InlineData("on 7 July 2023", 7, 1)]
    [InlineData("on 7 July 2023", 8, 1)]
    [InlineData("on 7 July 2023", 11, 0.7)]
    [InlineData("on 7 July 2023", 17, 0.4)]
    [InlineData("on 7 July 2023", 4, 0.4)]
    [InlineData("on 7 July 2023", 3, 0)]
    [InlineData("on 7 July 2023", 18, 0)]
    [InlineData("in July 2023", 1, 0.8)]
    [InlineData("in July 2023", 31, 0.8)]
    [InlineData("in June 2023", 10, 0.4)]
    [InlineData("in June 2023", 11, 0)]
    [InlineData("in August 2023", 31, 0)]
    [InlineData("in 2023", 1, 0.3)]
    [InlineData("in 2022", 1, 0)]
    public void What_is_said_on_the_day_or_shortly_after_fits(string question, int dayOfJuly, double fit) =>
        Assert.Equal(fit, Assert.Single(Analyze(question).Dates).FitOf(new DateOnly(2023, 7, dayOfJuly).DayNumber));

    private static AnalyzedQuery Analyze(string question) =>
        new QueryAnalyzer(new RecallMemories(new ContextWeights(new RecallWeights()))).Analyze(Recollections.Ask(question));

    private static string Text(int day) => DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
