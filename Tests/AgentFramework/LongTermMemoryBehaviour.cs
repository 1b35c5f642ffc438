using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Memories;
using OrleansMemory.Client.Runs;
using OrleansMemory.Conversations;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.AgentFramework;

/// <summary>What agents learn and are reminded of, on every store.</summary>
public abstract class LongTermMemoryBehaviour : IAsyncLifetime
{
    private const string Hotel = "I need to book a hotel in New York for 2 stays.";

    private string _tenant = null!;

    private ConversationClient Client { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _tenant = SharedHosts.NewTenant();
        Client = Clients.OfTenant(await HostAsync(), _tenant);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected abstract Task<GrainHost> HostAsync();

    [Fact]
    public async Task What_one_session_is_told_another_one_of_the_user_is_reminded_of()
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("Here are some suggestions:");
        ChatClientAgent agent = Agent(model, Of("alice"));
        await agent.RunAsync(Hotel, await agent.CreateSessionAsync());
        await agent.RunAsync("Which hotel was it?", await agent.CreateSessionAsync());
        Assert.Equal([Hotel], model.Requests[0].Texts);
        Assert.Equal("Which hotel was it?", model.Requests[1].Texts.First());
        Assert.Contains($"- \"user: {Hotel}\"", model.Requests[1].Texts.Last(), StringComparison.Ordinal);

        ChatClientAgent another = Agent(model, Of("bob"));
        await another.RunAsync("Which hotel was it?", await another.CreateSessionAsync());
        Assert.Equal(["Which hotel was it?"], model.Requests[2].Texts);
    }

    [Fact]
    public async Task A_session_is_not_reminded_of_its_own_conversation_and_reminders_are_not_stored()
    {
        await Client.Memories(user: "alice").RecordTextAsync("Trip to New York");
        ScriptedChatClient model = new ScriptedChatClient().Says("!");
        ChatClientAgent agent = Agent(model, Of("alice"));
        AgentSession session = (await agent.CreateSessionAsync()).UseConversation("trip");
        await agent.RunAsync(Hotel, session);
        await agent.RunAsync("Which hotel in New York?", session);
        string reminder = model.Requests[1].Texts.Last();
        Assert.Contains("- \"Trip to New York\"", reminder, StringComparison.Ordinal);
        Assert.DoesNotContain(Hotel, reminder, StringComparison.Ordinal);
        Assert.Equal(
            [Hotel, "!", "Which hotel in New York?", "!"],
            (await Client.Get("trip").GetMessagesAsync()).Messages.Select(message => message.Message.Text)
        );
        Assert.Equal(5, (await TextsAsync("alice")).Length);
    }

    [Fact]
    public async Task A_run_that_comes_again_is_recorded_once_whatever_the_model_says_and_goes_with_its_conversation()
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("one").Says("two").Says("three");
        ChatClientAgent agent = Agent(model, Of("alice"));
        foreach (string id in (string[])["trip", "trip", "other"])
        {
            await agent.RunAsync(Hotel, (await agent.CreateSessionAsync()).UseConversation(id), new AgentRunOptions().WithTurnId("run 1"));
        }

        Assert.Equal(["three", Hotel, "one", Hotel], await TextsAsync("alice"));
        Assert.Equal(
            ["other", "other", "trip", "trip"],
            (await Client.Memories(user: "alice").ListAsync()).Memories.Select(memory => memory.ConversationId)
        );
        await Client.Get("trip").DeleteAsync();
        Assert.Equal(["three", Hotel], await TextsAsync("alice"));
    }

    [Fact]
    public async Task A_conversation_of_another_tenant_is_not_named_in_its_memories()
    {
        ChatClientAgent agent = Agent(new ScriptedChatClient().Says("!"), Of("alice"));
        await agent.RunAsync(
            Hotel,
            (await agent.CreateSessionAsync()).UseConversation(ConversationKey.Create("elsewhere", "trip" + _tenant))
        );
        Assert.All((await Client.Memories(user: "alice").ListAsync()).Memories, memory => Assert.Null(memory.ConversationId));
        Assert.Equal(2, (await TextsAsync("alice")).Length);
    }

    [Fact]
    public async Task A_run_that_fails_or_is_abandoned_is_not_recorded()
    {
        ChatClientAgent failing = Agent(new ScriptedChatClient().Fails(new TimeoutException()), Of("alice"));
        await Assert.ThrowsAsync<TimeoutException>(async () => await failing.RunAsync(Hotel, await failing.CreateSessionAsync()));
        ChatClientAgent streaming = Agent(new ScriptedChatClient().Says("one", "two"), Of("alice"));
        await foreach (AgentResponseUpdate _ in streaming.RunStreamingAsync(Hotel, await streaming.CreateSessionAsync()))
        {
            break;
        }

        Assert.Empty(await TextsAsync("alice"));
        await streaming.RunStreamingAsync(Hotel, await streaming.CreateSessionAsync()).ToAgentResponseAsync();
        Assert.Equal(["onetwo", Hotel], await TextsAsync("alice"));
    }

    [Fact]
    public async Task A_sessions_state_says_whose_memories_it_has()
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("!");
        var provider = new LongTermMemoryProvider(
            Client,
            session => session?.StateBag.GetValue<string>("user") is { } user ? MemoryScope.Create(_tenant, null, user, null) : null
        );
        ChatClientAgent agent = Agent(model, provider);
        foreach (string? user in (string?[])["alice", "alice", "bob", null])
        {
            AgentSession session = await agent.CreateSessionAsync();
            if (user is not null)
            {
                session.StateBag.SetValue("user", user);
            }

            await agent.RunAsync(Hotel, session);
        }

        Assert.Equal([1, 2, 1, 1], model.Requests.Select(request => request.Messages.Count));
        Assert.Equal((4, 2), ((await TextsAsync("alice")).Length, (await TextsAsync("bob")).Length));
    }

    [Fact]
    public async Task Weak_matches_are_left_out_by_the_floor()
    {
        await Client.Memories(user: "alice").RecordTextAsync("The hotel in New York is near the park");
        await Client.Memories(user: "alice").RecordTextAsync("The park has a pond");
        RecallResult all = await Client.Memories(user: "alice").RecallAsync("hotel New York park");
        Assert.Equal(2, all.Memories.Length);
        double share = all.Memories[1].Score / all.Memories[0].Score;
        Assert.Equal(2, (await RecallAsync(share * 0.99)).Memories.Length);
        Assert.Single((await RecallAsync(share * 1.01)).Memories);
        Assert.Single((await RecallAsync(1)).Memories);

        Task<RecallResult> RecallAsync(double minScore) =>
            Client.Memories(user: "alice").RecallAsync(new RecallRequest { Query = "hotel New York park", MinScore = minScore });
    }

    [Fact]
    public async Task Messages_are_recorded_by_hand_once_under_a_key_and_given_as_a_prompt()
    {
        ScopedMemories memories = Client.Memories(user: "alice");
        ChatMessage[] messages =
        [
            TestAgents.User(Hotel),
            new(ChatRole.Tool, "result"),
            new(ChatRole.Assistant, [new FunctionCallContent("c", "f")]),
        ];
        RecordReceipt first = (await memories.RecordAsync(messages, "k", "trip"))!;
        Assert.Equal(first.MemoryIds, (await memories.RecordAsync(messages, "k", "trip"))!.MemoryIds);
        Assert.Null(await memories.RecordAsync(messages[1..], "other"));
        Assert.Equal("trip", Assert.Single((await memories.ListAsync()).Memories).ConversationId);

        RecallResult result = await memories.RecallAsync("hotel");
        Assert.Equal($"You know:\n{MemoryFence.Notice}\n<memories>\n- \"user: {Hotel}\"\n</memories>", result.ToPrompt("You know:"));
        Assert.StartsWith(MemoryFence.Notice, result.ToPrompt(), StringComparison.Ordinal);
        Assert.Empty((await memories.RecallAsync("zebra")).ToPrompt("You know:"));
        Assert.Throws<ArgumentOutOfRangeException>(() => memories.AsTools(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => memories.AsTools(minScore: 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chat_client_with_a_conversation_takes_the_frameworks_providers_inside(bool streaming)
    {
        ScriptedChatClient model = new ScriptedChatClient().Says("!");
        IChatClient client = model.AsBuilder().UseConversation(Client).UseAIContextProviders(Of("alice")).Build();
        var agent = new ChatClientAgent(client, new ChatClientAgentOptions { UseProvidedChatClientAsIs = true });
        foreach (string id in (string[])["one", "two"])
        {
            await agent.RunAsync(streaming, [TestAgents.User(Hotel)], await agent.CreateSessionAsync(id));
        }

        Assert.Contains($"- \"user: {Hotel}\"", model.Requests[1].Texts.Last(), StringComparison.Ordinal);
        Assert.Equal([Hotel, "!"], (await Client.Get("two").GetMessagesAsync()).Messages.Select(message => message.Message.Text));
    }

    private LongTermMemoryProvider Of(string user) =>
        new(
            Client,
            MemoryScope.Create(_tenant, null, user, null),
            new LongTermMemoryProviderOptions { FailureHandling = MemoryFailureHandling.Fail }
        );

    private ChatClientAgent Agent(IChatClient model, LongTermMemoryProvider provider) =>
        TestAgents.Of(model, new ConversationHistoryProvider(Client), options => options.AIContextProviders = [provider]);

    private async Task<string[]> TextsAsync(string user) =>
        [.. (await Client.Memories(user: user).ListAsync()).Memories.Select(memory => memory.Text)];
}

public sealed class LongTermMemoryInMemoryTests(SharedHosts hosts) : LongTermMemoryBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.InMemoryAsync();
}

public sealed class LongTermMemoryOnPostgresTests(SharedHosts hosts) : LongTermMemoryBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.OnPostgresAsync();
}
