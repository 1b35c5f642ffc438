using System.Text.Json;
using Microsoft.Agents.AI.Workflows;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.AgentFramework;

/// <summary>Checkpoints of the framework's workflows.</summary>
public sealed class ConversationCheckpointStoreTests(SharedHosts hosts, PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_workflow_goes_on_where_it_was_after_a_restart()
    {
        string tenant = SharedHosts.NewTenant();
        await using (GrainHost first = await GrainHost.OnPostgresAsync(database.ConnectionString))
        {
            await using Run run = await InProcessExecution.RunAsync(Build(), "Ada", Manager(first, tenant), "session / 1");
            Assert.Equal("hello Ada", Asked(run).Data.As<string>());
        }

        await using GrainHost second = await GrainHost.OnPostgresAsync(database.ConnectionString);
        CheckpointManager manager = Manager(second, tenant);
        CheckpointInfo last = (await manager.GetLatestCheckpointAsync("session / 1"))!;
        await using Run resumed = await InProcessExecution.ResumeAsync(Build(), last, manager);
        await resumed.ResumeAsync([Asked(resumed).CreateResponse("yes")]);
        Assert.Equal("yes!", Assert.Single(resumed.OutgoingEvents.OfType<WorkflowOutputEvent>()).As<string>());
        Assert.NotEqual(last, await manager.GetLatestCheckpointAsync("session / 1"));
    }

    [Fact]
    public async Task Checkpoints_are_found_by_id_and_parent_in_the_order_in_which_they_were_made()
    {
        var store = new ConversationCheckpointStore(Clients.OfNewTenant(await hosts.InMemoryAsync()));
        Assert.Empty(await store.RetrieveIndexAsync("s"));
        var made = new List<CheckpointInfo>();
        for (int i = 0; i < 5; i++)
        {
            made.Add(
                await store.CreateCheckpointAsync(
                    "s",
                    JsonElement.Parse($$"""{"step":{{i}},"text":"é\ud83d\ude00"}"""),
                    i == 0 ? null : made[i / 3]
                )
            );
        }

        await store.CreateCheckpointAsync("another", JsonElement.Parse("{}"));
        Assert.Equal(made, await store.RetrieveIndexAsync("s"));
        Assert.Equal(made[1..3], await store.RetrieveIndexAsync("s", made[0]));
        Assert.Equal(made[3..], await store.RetrieveIndexAsync("s", made[1]));
        Assert.Empty(await store.RetrieveIndexAsync("s", made[4]));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(i, (await store.RetrieveCheckpointAsync("s", made[i])).GetProperty("step").GetInt32());
        }

        Assert.Equal("é\ud83d\ude00", (await store.RetrieveCheckpointAsync("s", made[0])).GetProperty("text").GetString());
        await Assert.ThrowsAsync<KeyNotFoundException>(async () =>
            await store.RetrieveCheckpointAsync("s", new CheckpointInfo("s", "none"))
        );
        await Assert.ThrowsAsync<KeyNotFoundException>(async () => await store.RetrieveCheckpointAsync("nobody's", made[0]));
    }

    [Fact]
    public async Task A_large_checkpoint_is_several_messages_of_one_turn_and_one_that_is_too_large_is_refused()
    {
        await using GrainHost host = await GrainHost.InMemoryAsync(configure: options =>
            (options.MaxMessageBytes, options.MaxEntryBytes, options.MaxTurnBytes) = (4_096, 4_096, 65_536)
        );
        var store = new ConversationCheckpointStore(
            Clients.Of(host),
            new ConversationCheckpointStoreOptions
            {
                Tenant = "t",
                NewConversation = new ConversationSettings { UserId = "alice" },
            }
        );
        string text = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"{i} é,"));
        CheckpointInfo made = await store.CreateCheckpointAsync("s", JsonSerializer.SerializeToElement(text));
        await store.CreateCheckpointAsync("s", JsonElement.Parse("1"), made);
        Assert.Equal(text, (await store.RetrieveCheckpointAsync("s", made)).GetString());
        Head head = (await store.FindConversation("s").GetHeadAsync())!;
        Assert.Equal((2L, "alice"), (head.Version, head.Settings.UserId));
        Assert.InRange(head.MessageCount, 7, 20);
        await Assert.ThrowsAsync<PayloadTooLargeException>(async () =>
            await store.CreateCheckpointAsync("s", JsonSerializer.SerializeToElement(new string('x', 70_000)))
        );
    }

    private static CheckpointManager Manager(GrainHost host, string tenant) =>
        CheckpointManager.CreateJson(new ConversationCheckpointStore(Clients.OfTenant(host, tenant)));

    private static Workflow Build()
    {
        var greet = new FunctionExecutor<string, string>(
            "greet",
            (string text, IWorkflowContext _, CancellationToken _) => $"hello {text}"
        );
        var ask = RequestPort.Create<string, string>("ask");
        var end = new FunctionExecutor<string, string>("end", (string text, IWorkflowContext _, CancellationToken _) => text + "!");
        return new WorkflowBuilder(greet).AddEdge(greet, ask).AddEdge(ask, end).WithOutputFrom(end).Build();
    }

    private static ExternalRequest Asked(Run run) => Assert.Single(run.OutgoingEvents.OfType<RequestInfoEvent>()).Request;
}
