using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Agents;

/// <summary>Runs whose answers come piece by piece.</summary>
public sealed class ChatAgentStreamingTests(SharedHosts hosts)
{
    private readonly ScriptedChatClient _model = new();
    private readonly ScriptedProvider _provider = new();
    private readonly InMemoryChatMessageStore _store = new();

    [Fact]
    public async Task A_stream_is_stored_at_its_end_and_not_before()
    {
        _model.Says("Hel", "lo").Says("again");
        ChatAgent agent = Agent();
        AgentThread thread = agent.GetNewThread();
        var pieces = new List<string>();
        await foreach (ChatResponseUpdate update in agent.RunStreamingAsync("?", thread))
        {
            Assert.Empty(_store.Messages);
            Assert.Equal("Agent", update.AuthorName);
            pieces.Add(update.Text);
        }

        Assert.Equal(["Hel", "lo"], pieces);
        Assert.Equal(["?", "Hello"], Texts());
        await ReadAsync(agent.RunStreamingAsync("!", thread));
        Assert.Equal(["?", "Hello", "!"], _model.Requests[1].Texts);
        Assert.Equal(["invoking ?", "invoked ? -> Hello", "invoking !", "invoked ! -> again"], _provider.Calls);
    }

    [Fact]
    public async Task Calls_and_results_in_between_are_stored_in_their_order()
    {
        GrainHost host = await hosts.InMemoryAsync();
        Conversation conversation = Clients.OfNewTenant(host).Get("c");
        _model.Answers(new ChatResponse(
        [
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "f")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", "r")]),
            new ChatMessage(ChatRole.Assistant, [new TextContent("a"), new TextContent("b")]),
        ]));

        await ReadAsync(new ChatAgent(_model).RunStreamingAsync("?", new AgentThread(messageStore: new ConversationChatMessageStore(conversation))));

        IEnumerable<ChatMessage> stored = (await conversation.GetMessagesAsync()).Messages.Select(message => message.Message);
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant], stored.Select(message => message.Role));
        Assert.Equal("ab", stored.Last().Text);
        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task A_stream_that_fails_stores_nothing_and_the_provider_is_told()
    {
        var failure = new TimeoutException();
        _model.Fails(failure, "half");
        ChatAgent agent = Agent();
        var pieces = new List<string>();
        Assert.Same(failure, await Assert.ThrowsAsync<TimeoutException>(async () =>
        {
            await foreach (ChatResponseUpdate update in agent.RunStreamingAsync("?", agent.GetNewThread()))
            {
                pieces.Add(update.Text);
            }
        }));
        Assert.Equal(["half"], pieces);
        Assert.Empty(_store.Messages);
        Assert.Equal(["invoking ?", "invoked ? -> TimeoutException"], _provider.Calls);
    }

    [Fact]
    public async Task A_stream_that_is_not_read_to_its_end_stores_nothing_and_the_provider_is_told()
    {
        _model.Says("Hel", "lo");
        ChatAgent agent = Agent();
        await foreach (ChatResponseUpdate update in agent.RunStreamingAsync("?", agent.GetNewThread()))
        {
            Assert.Equal("Hel", update.Text);
            break;
        }

        Assert.Empty(_store.Messages);
        Assert.Equal(["invoking ?", "invoked ? -> OperationCanceledException"], _provider.Calls);
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_does_nothing()
    {
        _model.Says("!");
        _ = Agent().RunStreamingAsync("?");
        await Task.Yield();
        Assert.Empty(_provider.Calls);
        Assert.Empty(_model.Requests);
    }

    [Fact]
    public async Task A_cancelled_stream_stores_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        _model.Says("Hel", "lo").BeforeAnswer = cancellation.CancelAsync;
        ChatAgent agent = Agent();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(agent.RunStreamingAsync("?", agent.GetNewThread(), cancellationToken: cancellation.Token)));
        Assert.Empty(_store.Messages);
        Assert.Equal(["invoking ?", "invoked ? -> OperationCanceledException"], _provider.Calls);
    }

    [Fact]
    public async Task When_storing_fails_the_stream_fails_at_its_end()
    {
        _model.Says("!");
        await Assert.ThrowsAsync<TimeoutException>(() => ReadAsync(Agent().RunStreamingAsync("?", new AgentThread(messageStore: new FailingStore()))));
        Assert.Equal(["invoking ?", "invoked ? -> TimeoutException"], _provider.Calls);
    }

    [Fact]
    public async Task A_services_thread_is_followed_and_its_absence_fails_the_run()
    {
        _model.Answers(new ChatResponse(new ChatMessage(ChatRole.Assistant, "!")) { ConversationId = "1" }).Says("!");
        var thread = new AgentThread();
        await ReadAsync(Agent().RunStreamingAsync("?", thread));
        Assert.Equal("1", thread.ServiceThreadId);
        await Assert.ThrowsAsync<AgentExecutionException>(() => ReadAsync(Agent().RunStreamingAsync("?", thread)));
    }

    [Fact]
    public async Task A_run_that_is_started_again_is_stored_once()
    {
        _model.Says("!");
        ChatAgent agent = Agent();
        for (int i = 0; i < 2; i++)
        {
            await ReadAsync(agent.RunStreamingAsync("?", agent.GetNewThread(), new AgentRunOptions { TurnId = "run" }));
        }

        Assert.Equal(["?", "!"], Texts());
    }

    private static async Task ReadAsync(IAsyncEnumerable<ChatResponseUpdate> stream)
    {
        await foreach (ChatResponseUpdate update in stream)
        {
            Assert.NotNull(update);
        }
    }

    private IEnumerable<string> Texts() => _store.Messages.Select(message => message.Text);

    private ChatAgent Agent() =>
        new(_model, new ChatAgentOptions { Name = "Agent", ContextProviders = [_provider], MessageStoreFactory = () => _store });
}
