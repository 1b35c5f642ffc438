using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.AgentFramework;

/// <summary>A run that comes again under its turn id, one after the other and at once, in one process and in two.</summary>
public sealed class DurableRunsTests(SharedHosts hosts) : IAsyncLifetime
{
    private ConversationClient _client = null!;
    private ConversationClient _other = null!;
    private int _looks;

    public async ValueTask InitializeAsync()
    {
        // Two clients know no more of each other than two processes do.
        GrainHost host = await hosts.OnPostgresAsync();
        string tenant = SharedHosts.NewTenant();
        (_client, _other) = (Clients.OfTenant(host, tenant), Clients.OfTenant(host, tenant));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_run_that_comes_again_asks_no_model_and_no_tool_and_gets_the_stored_answer(bool streaming, bool streamingAgain)
    {
        var model = new StrictChatClient(call =>
            call.AnswersCalls ? StrictAnswer.Text("do", "ne") : StrictAnswer.Calls("look", $"a{call.Number}")
        );
        AgentResponse first = await RunAsync(Agent(_client, model), streaming, "1");
        AgentResponse again = await RunAsync(Agent(_other, model), streamingAgain, "1");

        Assert.Equal((2, 1), (model.Calls.Count, _looks));
        Assert.Equal(first.Messages.Select(message => message.Role), again.Messages.Select(message => message.Role));
        Assert.Equal(first.Messages.Select(message => message.Text), again.Messages.Select(message => message.Text));
        Assert.Equal(1, (await _client.Get("c").GetHeadAsync())!.Version);
        await Assert.ThrowsAsync<TurnConflictException>(() => RunAsync(Agent(_client, model), streaming, "another question"));
        Assert.Equal(2, model.Calls.Count);
    }

    [Fact]
    public async Task Messages_with_ids_name_a_run_too_and_a_run_without_a_name_runs_again()
    {
        var model = new StrictChatClient();
        AIAgent agent = Agent(_client, model);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("answer 1", (await agent.RunAsync(TestAgents.User("1", "m1"), await SessionAsync(agent))).Text);
        }

        for (int i = 2; i < 4; i++)
        {
            Assert.Equal($"answer {i}", (await agent.RunAsync(TestAgents.User("1"), await SessionAsync(agent))).Text);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_at_once_in_one_process_one_runs_and_both_get_its_answer(bool streaming)
    {
        using var asked = new Gate();
        var model = new StrictChatClient { BeforeUpdate = asked.PassUnlessAsync };
        AIAgent agent = Agent(_client, model);
        Task<AgentResponse> first = RunAsync(agent, streaming, "1");
        await asked.ArrivalAsync();
        Task<AgentResponse> second = RunAsync(agent, !streaming, "1");
        asked.Open();
        Assert.Equal(["answer 1", "answer 1"], (await Task.WhenAll(first, second).WithTimeout()).Select(response => response.Text));
        Assert.Single(model.Calls);
        Assert.Equal(2, (await _client.Get("c").GetHeadAsync())!.MessageCount);
    }

    [Fact]
    public async Task One_that_waits_runs_when_the_first_one_has_failed()
    {
        using var asked = new Gate();
        var model = new StrictChatClient(call =>
            StrictAnswer.Text("answer") with
            {
                Failure = call.Number == 1 ? new TimeoutException() : null,
            }
        )
        {
            BeforeUpdate = asked.PassUnlessAsync,
        };
        AIAgent agent = Agent(_client, model);
        Task<AgentResponse> first = RunAsync(agent, false, "1");
        await asked.ArrivalAsync();
        using var ended = new CancellationTokenSource();
        Task<AgentResponse> givenUp = agent.RunAsync("1", await SessionAsync(agent), new AgentRunOptions().WithTurnId("t"), ended.Token);
        Task<AgentResponse> second = RunAsync(agent, false, "1");
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp.WithTimeout());
        asked.Open();
        await Assert.ThrowsAsync<TimeoutException>(() => first.WithTimeout());
        Assert.Equal("answer", (await second.WithTimeout()).Text);
    }

    [Fact]
    public async Task Of_two_at_once_in_two_processes_one_is_stored_and_both_get_its_answer()
    {
        using Gate one = new(),
            other = new();
        var model = new StrictChatClient(_ => StrictAnswer.Text("first")) { BeforeUpdate = one.PassUnlessAsync };
        var late = new StrictChatClient(_ => StrictAnswer.Text("second")) { BeforeUpdate = other.PassUnlessAsync };
        Task<AgentResponse> first = RunAsync(Agent(_client, model), false, "1");
        Task<AgentResponse> second = RunAsync(Agent(_other, late), false, "1");
        await Task.WhenAll(one.ArrivalAsync(), other.ArrivalAsync());
        one.Open();
        Assert.Equal("first", (await first.WithTimeout()).Text);
        other.Open();
        Assert.Equal("first", (await second.WithTimeout()).Text);
        Assert.Equal(2, (await _client.Get("c").GetHeadAsync())!.MessageCount);
    }

    [Fact]
    public async Task A_stream_that_has_given_away_another_answer_fails_and_its_repetition_gets_the_stored_one()
    {
        using Gate one = new(),
            other = new();
        var model = new StrictChatClient(_ => StrictAnswer.Text("first")) { BeforeUpdate = one.PassUnlessAsync };
        var late = new StrictChatClient(_ => StrictAnswer.Text("second")) { BeforeUpdate = other.PassUnlessAsync };
        Task<AgentResponse> first = RunAsync(Agent(_client, model), false, "1");
        Task<AgentResponse> second = RunAsync(Agent(_other, late), true, "1");
        await Task.WhenAll(one.ArrivalAsync(), other.ArrivalAsync());
        one.Open();
        await first.WithTimeout();
        other.Open();
        await Assert.ThrowsAsync<TurnConflictException>(() => second.WithTimeout());
        Assert.Equal("first", (await RunAsync(Agent(_other, late), true, "1")).Text);
        Assert.Single(late.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_asked_approval_and_its_answer_are_each_given_again(bool streaming)
    {
        var model = new StrictChatClient(call => call.AnswersCalls ? StrictAnswer.Text("done") : StrictAnswer.Calls("look", "a"));
        AIAgent agent = Agent(_client, model, approve: true);
        AgentSession session = await SessionAsync(agent);
        AgentRunOptions named = new AgentRunOptions().WithTurnId("t");
        for (int i = 0; i < 2; i++)
        {
            // The session of the first pass was lost before it was saved.
            session = await SessionAsync(agent);
            AgentResponse asked = await agent.RunAsync(streaming, [TestAgents.User("1")], session, named);
            ToolApprovalRequestContent request = Assert.Single(
                asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>()
            );
            for (int j = 0; j < 2; j++)
            {
                AgentResponse done = await agent.RunAsync(
                    streaming,
                    [new ChatMessage(ChatRole.User, [request.CreateResponse(true)])],
                    session,
                    named
                );
                Assert.Equal("done", done.Messages[^1].Text);
            }
        }

        Assert.Equal((2, 1), (model.Calls.Count, _looks));
    }

    [Fact]
    public void An_agent_without_this_history_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => new ChatClientAgent(new StrictChatClient()).WithDurableRuns());

    private AIAgent Agent(ConversationClient client, IChatClient model, bool approve = false)
    {
        AIFunction look = AIFunctionFactory.Create(() => Interlocked.Increment(ref _looks), "look");
        return TestAgents
            .Of(model, new ConversationHistoryProvider(client), tools: approve ? new ApprovalRequiredAIFunction(look) : look)
            .WithDurableRuns();
    }

    private static async Task<AgentSession> SessionAsync(AIAgent agent) => (await agent.CreateSessionAsync()).UseConversation("c");

    private static async Task<AgentResponse> RunAsync(AIAgent agent, bool streaming, string text) =>
        await agent.RunAsync(streaming, [TestAgents.User(text)], await SessionAsync(agent), new AgentRunOptions().WithTurnId("t"));
}
