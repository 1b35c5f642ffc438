using OrleansMemory.Client;
using OrleansMemory.Samples.TravelPlanning;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>The sample, which is the complete flow of Agent Framework's document, prints what the document says is said and remembered.</summary>
public sealed class TravelPlanningTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string FirstStart =
        """
        Thread: Travel Planning

        Run 1
        User's message: I need to book a hotel in New York for 2 stays.
        The model was reminded of: nothing
        Agent's message: Here are some suggestions:
        Thread now contains:
        - User's message: I need to book a hotel in New York for 2 stays.
        - Agent's message: Here are some suggestions:
        Memory now contains:
        - "Trip to New York"

        Run 2
        User's message: What's the daily meal allowance for the business trip?
        The model was reminded of: "Trip to New York"
        Agent's message: The daily allowance for your business trip is $75...
        Thread now contains:
        - User's message: I need to book a hotel in New York for 2 stays.
        - Agent's message: Here are some suggestions:
        - User's message: What's the daily meal allowance for the business trip?
        - Agent's message: The daily allowance for your business trip is $75...
        Memory now contains:
        - "Trip to New York"
        - "Daily meal allowance"

        """;

    [Fact]
    public async Task Two_runs_print_what_the_document_shows_and_another_process_remembers_them()
    {
        await using (GrainHost first = await GrainHost.OnPostgresAsync(database.ConnectionString))
        {
            Assert.Equal(FirstStart, await PlanAsync(first), ignoreLineEndingDifferences: true);
        }

        await using GrainHost second = await GrainHost.OnPostgresAsync(database.ConnectionString);
        string printed = await PlanAsync(second);

        Assert.Contains("Run 1\nUser's message: I need to book a hotel in New York for 2 stays.\nThe model was reminded of: \"Trip to New York\", \"Daily meal allowance\"", printed.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.EndsWith("Memory now contains:\n- \"Trip to New York\"\n- \"Daily meal allowance\"\n", printed.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static async Task<string> PlanAsync(GrainHost host)
    {
        var printed = new StringWriter();
        ConversationClient conversations = Clients.Of(host);
        await Trip.PlanAsync(conversations, "user123", printed);
        return printed.ToString();
    }
}
