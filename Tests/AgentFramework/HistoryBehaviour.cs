using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.AgentFramework;

/// <summary>The history of the framework's agents, on every store.</summary>
public abstract partial class HistoryBehaviour : IAsyncLifetime
{
    private int _looks;

    private ConversationClient Client { get; set; } = null!;

    private Conversation Conversation => Client.Get("c");

    private ConversationHistoryProvider History => field ??= new ConversationHistoryProvider(Client);

    private AIFunction Look =>
        field ??= AIFunctionFactory.Create(() => FormattableString.Invariant($"seen {Interlocked.Increment(ref _looks)}"), "look");

    public async ValueTask InitializeAsync() => Client = Clients.OfNewTenant(await HostAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected abstract Task<GrainHost> HostAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_run_with_its_calls_is_one_turn(bool streaming)
    {
        StrictChatClient model = Caller();
        ChatClientAgent agent = TestAgents.Of(model, History, tools: Look);
        AgentSession session = await SessionAsync(agent);
        AgentResponse first = await agent.RunAsync(streaming, [TestAgents.User("1")], session);
        Assert.Equal("done", first.Messages[^1].Text);
        Assert.Equal(1, (await Conversation.GetHeadAsync())!.Version);
        Assert.Equal(["user[1]", "assistant[+a1 +b1]", "tool[-a1 -b1]", "assistant[done]"], await LogAsync());

        await agent.RunAsync(streaming, [TestAgents.User("2")], session);
        Assert.Equal(2, (await Conversation.GetHeadAsync())!.Version);
        Assert.Equal("user[1]", model.Calls[2].Shorts.First());
        Assert.Equal("user[2]", model.Calls[2].Shorts.Last());
        Assert.All(
            model.Calls[2].Messages.SkipLast(1),
            message => Assert.Equal(AgentRequestMessageSourceType.ChatHistory, message.GetAgentRequestMessageSourceType())
        );
        model.DemandUnchanged();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_fails_after_a_tool_stores_nothing_and_the_next_one_works(bool streaming)
    {
        bool fails = true;
        var model = new StrictChatClient(call =>
            !call.AnswersCalls ? StrictAnswer.Calls("look", "a")
            : fails ? StrictAnswer.Text("half") with { Failure = new TimeoutException() }
            : StrictAnswer.Text("done")
        );
        ChatClientAgent agent = TestAgents.Of(model, History, tools: Look);
        AgentSession session = await SessionAsync(agent);
        await Assert.ThrowsAsync<TimeoutException>(() => agent.RunAsync(streaming, [TestAgents.User("1", "m")], session));
        Assert.Null(await Conversation.GetHeadAsync());

        fails = false;
        await agent.RunAsync(streaming, [TestAgents.User("1", "m")], session);
        Assert.Equal(["user[1]", "assistant[+a]", "tool[-a]", "assistant[done]"], await LogAsync());
    }

    [Fact]
    public async Task A_stream_that_is_not_read_to_its_end_stores_nothing()
    {
        ChatClientAgent agent = TestAgents.Of(new StrictChatClient(_ => StrictAnswer.Text("a", "b")), History);
        AgentSession session = await SessionAsync(agent);
        await foreach (AgentResponseUpdate _ in agent.RunStreamingAsync("1", session))
        {
            break;
        }

        Assert.Null(await Conversation.GetHeadAsync());
        await agent.RunAsync("2", session);
        Assert.Equal(["user[2]", "assistant[a b]"], await LogAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_other_providers_add_is_sent_and_not_stored(bool streaming)
    {
        var model = Talker();
        ChatClientAgent agent = TestAgents.Of(model, History, options => options.AIContextProviders = [new Adding("a memory")]);
        AgentSession session = await SessionAsync(agent);
        await agent.RunAsync(streaming, [TestAgents.User("1")], session);
        await agent.RunAsync(streaming, [TestAgents.User("2")], session);
        Assert.Equal(["user[1]", "user[a memory]"], model.Calls[0].Shorts);
        Assert.Equal(["user[1]", "assistant[answer 1]", "user[2]", "user[a memory]"], model.Calls[1].Shorts);
        Assert.Equal("remember", model.Calls[1].Options!.Instructions);
        Assert.Equal(["user[1]", "assistant[answer 1]", "user[2]", "assistant[answer 2]"], await LogAsync());
    }

    [Fact]
    public async Task The_window_counts_the_input()
    {
        for (int i = 1; i <= 4; i++)
        {
            await Conversation.AppendAsync([TestAgents.User($"{i}"), new ChatMessage(ChatRole.Assistant, $"answer {i}")]);
        }

        var model = Talker();
        var history = new ConversationHistoryProvider(
            Client,
            new ConversationHistoryProviderOptions { Window = new ConversationWindow(new ConversationWindowOptions { MaxMessages = 5 }) }
        );
        ChatClientAgent agent = TestAgents.Of(model, history);
        await agent.RunAsync([TestAgents.User("5"), TestAgents.User("6")], await SessionAsync(agent));
        Assert.Equal(["assistant[answer 3]", "user[4]", "assistant[answer 4]", "user[5]", "user[6]"], model.Calls[0].Shorts);
        Assert.Equal(11, (await Conversation.GetHeadAsync())!.MessageCount);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_run_that_comes_again_is_stored_once_and_sees_what_it_saw(bool streaming, bool named)
    {
        var model = Talker();
        ChatClientAgent agent = TestAgents.Of(model, History);
        AgentSession session = await SessionAsync(agent);
        await agent.RunAsync("0", session);
        for (int i = 0; i < 2; i++)
        {
            ChatMessage[] input = [TestAgents.User("1", named ? null : "m1"), TestAgents.User("2", named ? null : "m2")];
            await agent.RunAsync(streaming, input, session, named ? new AgentRunOptions().WithTurnId("t") : null);
            await agent.RunAsync([TestAgents.User("later", "m3")], session);
        }

        Assert.Equal(5, model.Calls.Count);
        Assert.Equal(model.Calls[1].Shorts, model.Calls[3].Shorts);
        Assert.Equal(
            ["user[0]", "assistant[answer 1]", "user[1]", "user[2]", "assistant[answer 2]", "user[later]", "assistant[answer 3]"],
            await LogAsync()
        );
        Assert.Equal(3, (await Conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task A_turn_id_with_another_input_is_refused_before_the_model_is_asked()
    {
        var model = Talker();
        ChatClientAgent agent = TestAgents.Of(model, History);
        AgentSession session = await SessionAsync(agent);
        AgentRunOptions named = new AgentRunOptions().WithTurnId("t");
        await agent.RunAsync("1", session, named);
        await Assert.ThrowsAsync<TurnConflictException>(() => agent.RunAsync("2", session, named));
        Assert.Single(model.Calls);
        Assert.Throws<InvalidRequestException>(() => named.WithTurnId(""));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_turn_id_never_reaches_the_model(bool streaming)
    {
        var model = Talker();
        ChatClientAgent agent = TestAgents.Of(model, History);
        AgentSession session = await SessionAsync(agent);
        var own = new ChatClientAgentRunOptions(new ChatOptions { Temperature = 1 }) { AdditionalProperties = new() { ["mine"] = 1 } };
        await agent.RunAsync(streaming, [TestAgents.User("1")], session, own.WithTurnId("secret"));
        await agent
            .RunAsync<int[]>("2", session, options: new AgentRunOptions().WithTurnId("secret 2"))
            .ContinueWith(static _ => { }, TaskScheduler.Default);
        await agent
            .WithDurableRuns()
            .RunAsync(
                streaming,
                [TestAgents.User("3")],
                session,
                new AgentRunOptions { AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = "secret 3" } }
            );

        Assert.Equal(3, model.Calls.Count);
        Assert.All(
            model.Calls,
            call =>
                Assert.DoesNotContain("secret", JsonSerializer.Serialize(call, AIJsonUtilities.DefaultOptions), StringComparison.Ordinal)
        );
        Assert.Equal((1f, true), (model.Calls[0].Options!.Temperature, model.Calls[0].Options!.AdditionalProperties!.ContainsKey("mine")));
        foreach (string turnId in (string[])["secret", "secret 2", "secret 3"])
        {
            Assert.NotNull(await Conversation.GetTurnAsync(turnId));
        }
    }

    [Fact]
    public async Task A_session_holds_its_conversations_name_and_does_not_grow()
    {
        ChatClientAgent agent = TestAgents.Of(Talker(), History);
        AgentSession session = await agent.CreateSessionAsync();
        Assert.Null(History.FindConversation(session));
        await agent.RunAsync("1", session);
        string before = (await agent.SerializeSessionAsync(session)).GetRawText();
        Assert.Contains(History.FindConversation(session)!.Key.ToString(), before, StringComparison.Ordinal);
        await agent.RunAsync(new string('x', 10_000), session);
        Assert.Equal(before, (await agent.SerializeSessionAsync(session)).GetRawText());

        AgentSession resumed = await agent.DeserializeSessionAsync(JsonElement.Parse(before));
        Assert.Equal(4, (await History.FindConversation(resumed)!.GetHeadAsync())!.MessageCount);
    }

    [Fact]
    public async Task A_session_is_bound_once_and_to_its_providers_tenant()
    {
        ChatClientAgent agent = TestAgents.Of(Talker(), History);
        AgentSession session = await SessionAsync(agent);
        session.UseConversation("c").UseConversation(Conversation.Key).UseConversation("c");
        Assert.Throws<InvalidOperationException>(() => session.UseConversation("d"));
        Assert.Throws<InvalidOperationException>(() => session.UseConversation(ConversationKey.Create("elsewhere", "c")));
        Assert.Throws<InvalidRequestException>(() => session.UseConversation("not/an id"));

        var narrow = new ConversationHistoryProvider(Client, new ConversationHistoryProviderOptions { Tenant = "mine" });
        await Assert.ThrowsAsync<InvalidOperationException>(() => TestAgents.Of(Talker(), narrow).RunAsync("1", session));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_without_a_session_is_kept_nowhere(bool streaming)
    {
        var model = Talker();
        var history = new ConversationHistoryProvider(
            Client,
            new ConversationHistoryProviderOptions { NewConversation = new ConversationSettings { UserId = "alice" } }
        );
        ChatClientAgent agent = TestAgents.Of(model, history);
        Assert.Equal("answer 1", (await agent.RunAsync(streaming, [TestAgents.User("1")], session: null)).Text);
        Assert.Empty((await Client.ListAsync(new ConversationListQuery { UserId = "alice" })).Conversations);
        await agent.RunAsync(streaming, [TestAgents.User("2")], await agent.CreateSessionAsync());
        Assert.Single((await Client.ListAsync(new ConversationListQuery { UserId = "alice" })).Conversations);
        Assert.Equal(
            [
                ["user[1]"],
                ["user[2]"],
            ],
            model.Calls.Select(call => call.Shorts)
        );
    }

    [Fact]
    public async Task What_begins_with_a_run_has_the_settings_of_new_conversations()
    {
        var history = new ConversationHistoryProvider(
            Client,
            new ConversationHistoryProviderOptions
            {
                NewConversation = new ConversationSettings { UserId = "alice", Title = "Trip" },
            }
        );
        ChatClientAgent agent = TestAgents.Of(Talker(), history);
        await agent.RunAsync("1", await SessionAsync(agent));
        Assert.Equal(
            ("alice", "Trip"),
            ((await Conversation.GetHeadAsync())!.Settings.UserId, (await Conversation.GetHeadAsync())!.Settings.Title)
        );
    }

    [Fact]
    public async Task What_other_apis_write_the_agent_goes_on_with()
    {
        await Conversation.AppendAsync([
            new ChatMessage(ChatRole.System, "rules"),
            TestAgents.User("1"),
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("x", "f")]),
        ]);
        var model = Talker();
        ChatClientAgent agent = TestAgents.Of(model, History);
        await agent.RunAsync("2", await SessionAsync(agent));
        Assert.Equal(["system[rules]", "user[1]", "user[2]"], model.Calls[0].Shorts);
    }

    [Fact]
    public async Task A_history_that_is_sent_again_is_not_stored_again()
    {
        var model = Talker();
        ChatClientAgent agent = TestAgents.Of(model, History);
        AgentSession session = await SessionAsync(agent);
        ChatMessage first = TestAgents.User("1");
        AgentResponse answer = await agent.RunAsync([first], session);
        await agent.RunAsync([first, .. answer.Messages, TestAgents.User("2")], session);
        Assert.Equal(["user[1]", "assistant[answer 1]", "user[2]"], model.Calls[1].Shorts);
        Assert.Equal(["user[1]", "assistant[answer 1]", "user[2]", "assistant[answer 2]"], await LogAsync());
    }

    private static StrictChatClient Talker() => new(call => StrictAnswer.Text(FormattableString.Invariant($"answer {call.Number}")));

    private static StrictChatClient Caller() =>
        new(call => call.AnswersCalls ? StrictAnswer.Text("done") : StrictAnswer.Calls("look", $"a{call.Number}", $"b{call.Number}"));

    private static async Task<AgentSession> SessionAsync(AIAgent agent) => (await agent.CreateSessionAsync()).UseConversation("c");

    private async Task<string[]> LogAsync() =>
        [.. (await Conversation.GetMessagesAsync()).Messages.Select(message => ProviderRules.Short(message.Message))];

    /// <summary>Adds a message and instructions to every run.</summary>
    private sealed class Adding(string text) : AIContextProvider
    {
        protected override ValueTask<AIContext> ProvideAIContextAsync(
            InvokingContext context,
            CancellationToken cancellationToken = default
        ) => ValueTask.FromResult(new AIContext { Instructions = "remember", Messages = [new ChatMessage(ChatRole.User, text)] });
    }
}

public sealed class HistoryInMemoryTests(SharedHosts hosts) : HistoryBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.InMemoryAsync();
}

public sealed class HistoryOnPostgresTests(SharedHosts hosts) : HistoryBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.OnPostgresAsync();
}
