using OrleansMemory.Samples.TravelPlanning;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>
/// The sample, which is the complete flow of Agent Framework's document, prints what the document says is said and remembered.
/// </summary>
public sealed class TravelPlanningTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string FirstStart = """
        Thread: Travel Planning

        Run 1
        User's message: I need to book a hotel in New York for 2 stays.
        The model was reminded of:
        - nothing
        Agent's message: Here are some suggestions:
        Thread now contains:
        - User's message: I need to book a hotel in New York for 2 stays.
        - Agent's message: Here are some suggestions:
        Memory now contains:
        - "Trip to New York"

        Run 2
        User's message: What's the daily meal allowance for the business trip?
        The model was reminded of:
        - Trip to New York
        Agent's message: The daily allowance for your business trip is $75...
        Thread now contains:
        - User's message: I need to book a hotel in New York for 2 stays.
        - Agent's message: Here are some suggestions:
        - User's message: What's the daily meal allowance for the business trip?
        - Agent's message: The daily allowance for your business trip is $75...
        Memory now contains:
        - "Trip to New York"
        - "Daily meal allowance"

        Thread: Packing

        """;

    [Fact]
    public async Task Threads_print_what_the_document_shows_across_a_restart_and_another_thread_remembers_it()
    {
        string printed = await PlanAsync(trip => trip.BeginAsync()) + await PlanAsync(trip => trip.GoOnAsync());
        Assert.StartsWith(FirstStart.ReplaceLineEndings("\n"), printed, StringComparison.Ordinal);
        AssertReminds(
            printed[printed.IndexOf("Thread: Packing", StringComparison.Ordinal)..],
            "What do you know about my trip?",
            "Trip to New York"
        );

        // Another trip goes on with the same threads.
        string again = await PlanAsync(trip => trip.BeginAsync());
        AssertReminds(again, "I need to book a hotel in New York for 2 stays.", "Trip to New York");
        Assert.EndsWith("Memory now contains:\n- \"Trip to New York\"\n- \"Daily meal allowance\"\n", again, StringComparison.Ordinal);
    }

    /// <summary>That the model was reminded of a fact when it was asked a question for the first time.</summary>
    private static void AssertReminds(string printed, string question, string fact)
    {
        string title = $"User's message: {question}\nThe model was reminded of:\n";
        int begin = printed.IndexOf(title, StringComparison.Ordinal) + title.Length;
        Assert.Contains(
            $"- {fact}\n",
            printed[begin..printed.IndexOf("Agent's message:", begin, StringComparison.Ordinal)],
            StringComparison.Ordinal
        );
    }

    private async Task<string> PlanAsync(Func<Trip, Task> part)
    {
        await using GrainHost host = await GrainHost.OnPostgresAsync(database.ConnectionString);
        var printed = new StringWriter();
        using var trip = new Trip(Clients.Of(host), "user123", printed);
        await part(trip);
        return printed.ToString().ReplaceLineEndings("\n");
    }
}
