using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Agents;

/// <summary>What a run does, in which order.</summary>
public sealed class ChatAgentTests(SharedHosts hosts)
{
    private readonly ScriptedChatClient _model = new();
    private readonly ScriptedProvider _provider = new();

    [Fact]
    public void An_agent_has_a_services_thread_or_a_factory_of_stores()
    {
        var failure = Assert.Throws<AgentInitializationException>(() => new ChatAgent(
            _model, new ChatAgentOptions { ConversationId = "id", MessageStoreFactory = () => new InMemoryChatMessageStore() }));
        Assert.Equal(
            "Cannot specify both conversation_id and chat_message_store_factory. "
            + "Use conversation_id for service-managed threads or chat_message_store_factory for local storage.",
            failure.Message);
        Assert.Throws<ArgumentNullException>(() => new ChatAgent(null!));
    }

    [Fact]
    public void A_new_thread_is_of_the_argument_else_of_the_agent_else_of_the_factory_else_empty()
    {
        var store = new InMemoryChatMessageStore();
        var byFactory = new ChatAgent(_model, new ChatAgentOptions { MessageStoreFactory = () => store, ContextProviders = [_provider] });
        var ofService = new ChatAgent(_model, new ChatAgentOptions { ConversationId = "agent" });
        Assert.Equal("argument", ofService.GetNewThread("argument").ServiceThreadId);
        Assert.Equal("agent", ofService.GetNewThread().ServiceThreadId);
        Assert.Equal("argument", byFactory.GetNewThread("argument").ServiceThreadId);
        Assert.Null(byFactory.GetNewThread("argument").MessageStore);
        Assert.Same(store, byFactory.GetNewThread().MessageStore);
        Assert.Same(byFactory.ContextProvider, byFactory.GetNewThread().ContextProvider);
        Assert.False(new ChatAgent(_model).GetNewThread().IsInitialized);
        Assert.Null(new ChatAgent(_model).ContextProvider);
    }

    [Fact]
    public async Task A_run_gives_the_model_history_context_and_input_and_stores_input_and_response()
    {
        AITool agentTool = Tool("agent"), runTool = Tool("run"), contextTool = Tool("context");
        _provider.OnInvoking = () => Task.FromResult(new Context
        {
            Instructions = "Context.",
            Messages = [new ChatMessage(ChatRole.User, "remembered")],
            Tools = [contextTool],
        });
        _model.Says("one").Says("two");
        var agent = new ChatAgent(_model, new ChatAgentOptions
        {
            Name = "Agent",
            Instructions = "Agent.",
            Tools = [agentTool],
            ContextProviders = [_provider],
            ChatOptions = new ChatOptions { Temperature = 0.5f },
        });
        AgentThread thread = agent.GetNewThread();

        ChatResponse first = await agent.RunAsync("a", thread);
        await agent.RunAsync(
            [new ChatMessage(ChatRole.User, "b")],
            thread,
            new AgentRunOptions { ChatOptions = new ChatOptions { Instructions = "Run.", Tools = [runTool], ModelId = "m" } });

        Assert.Equal(("one", "Agent"), (first.Text, first.Messages[0].AuthorName));
        Assert.Equal(["remembered", "a"], _model.Requests[0].Texts);
        Assert.Equal(["a", "one", "remembered", "b"], _model.Requests[1].Texts);
        Assert.Equal(("Agent.\nContext.", 0.5f), (_model.Requests[0].Options!.Instructions, _model.Requests[0].Options!.Temperature));
        Assert.Equal(
            ("Agent.\nRun.\nContext.", null, "m"),
            (_model.Requests[1].Options!.Instructions, _model.Requests[1].Options!.Temperature, _model.Requests[1].Options!.ModelId));
        Assert.Equal([agentTool, contextTool], _model.Requests[0].Options!.Tools!);
        Assert.Equal([agentTool, runTool, contextTool], _model.Requests[1].Options!.Tools!);
        Assert.Equal(["a", "one", "b", "two"], Texts(thread));
        Assert.Equal(["invoking a", "invoked a -> one", "invoking b", "invoked b -> two"], _provider.Calls);
    }

    [Fact]
    public async Task A_run_with_nothing_around_it_sends_the_input_alone()
    {
        _model.Says("!");
        ChatResponse response = await new ChatAgent(_model).RunAsync("?");
        Assert.Null(response.Messages[0].AuthorName);
        Assert.Equal(["?"], _model.Requests[0].Texts);
        ChatOptions options = _model.Requests[0].Options!;
        Assert.Equal((null, null, null), (options.Instructions, options.Tools, options.ConversationId));
    }

    [Fact]
    public async Task The_callers_options_stay_as_they_are()
    {
        _provider.OnInvoking = () => Task.FromResult(new Context { Instructions = "C", Tools = [Tool("t")] });
        _model.Says("!");
        var options = new ChatOptions { Tools = [] };
        var agent = new ChatAgent(_model, new ChatAgentOptions { ContextProviders = [_provider], ChatOptions = options });
        await agent.RunAsync("a");
        await agent.RunAsync("b");
        Assert.Empty(options.Tools);
        Assert.Null(options.Instructions);
        Assert.Single(_model.Requests[1].Options!.Tools!);
    }

    [Fact]
    public async Task Calls_and_results_in_between_are_stored_in_their_order_in_one_addition()
    {
        GrainHost host = await hosts.InMemoryAsync();
        Conversation conversation = Clients.OfNewTenant(host).Get("c");
        _model.Answers(new ChatResponse(
        [
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "f")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", "r")]),
            new ChatMessage(ChatRole.Assistant, "!"),
        ]));
        var agent = new ChatAgent(_model, new ChatAgentOptions { MessageStoreFactory = () => new ConversationChatMessageStore(conversation) });

        await agent.RunAsync("?", agent.GetNewThread());

        Assert.Equal(
            [ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant],
            (await conversation.GetMessagesAsync()).Messages.Select(message => message.Message.Role));
        Assert.Equal(1, (await conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task When_the_model_fails_nothing_is_stored_and_the_provider_is_told()
    {
        var failure = new TimeoutException();
        _model.Fails(failure);
        ChatAgent agent = Agent();
        AgentThread thread = agent.GetNewThread();
        Assert.Same(failure, await Assert.ThrowsAsync<TimeoutException>(() => agent.RunAsync("?", thread)));
        Assert.False(thread.IsInitialized);
        Assert.Equal(["invoking ?", "invoked ? -> TimeoutException"], _provider.Calls);
        Assert.Same(failure, _provider.LastFailure);
        Assert.Null(_provider.LastResponse);
    }

    [Fact]
    public async Task A_cancelled_run_tells_the_provider_too()
    {
        using var cancellation = new CancellationTokenSource();
        _model.Says("!").BeforeAnswer = cancellation.CancelAsync;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Agent().RunAsync("?", cancellationToken: cancellation.Token));
        Assert.Equal(["invoking ?", "invoked ? -> OperationCanceledException"], _provider.Calls);
    }

    [Fact]
    public async Task When_the_provider_fails_on_top_both_failures_are_thrown()
    {
        _model.Fails(new TimeoutException());
        _provider.OnInvoked = () => throw new InvalidOperationException();
        var failure = await Assert.ThrowsAsync<AggregateException>(() => Agent().RunAsync("?"));
        Assert.Equal([typeof(TimeoutException), typeof(InvalidOperationException)], failure.InnerExceptions.Select(inner => inner.GetType()));
    }

    [Fact]
    public async Task When_a_provider_fails_before_the_model_is_not_called()
    {
        _model.Says("!");
        _provider.OnInvoking = () => throw new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => Agent().RunAsync("?"));
        _provider.OnThreadCreated = () => throw new InvalidOperationException();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Agent().RunAsync("?", new AgentThread("id")));
        Assert.Empty(_model.Requests);
        Assert.Equal(["invoking ?", "created id"], _provider.Calls);
    }

    [Fact]
    public async Task When_storing_fails_the_run_fails_and_the_provider_is_told()
    {
        _model.Says("!");
        await Assert.ThrowsAsync<TimeoutException>(() => Agent().RunAsync("?", new AgentThread(messageStore: new FailingStore())));
        Assert.Equal(["invoking ?", "invoked ? -> TimeoutException"], _provider.Calls);
    }

    [Fact]
    public async Task A_services_thread_is_announced_once_and_follows_the_service()
    {
        _model.Answers(Answer("1", "one")).Answers(Answer("1", "two")).Answers(Answer("2", "three"));
        ChatAgent agent = Agent();
        AgentThread thread = agent.GetNewThread("1");
        await agent.RunAsync("a", thread);
        await agent.RunAsync("b", thread);
        await agent.RunAsync("c", thread);
        Assert.Equal("2", thread.ServiceThreadId);
        Assert.Null(thread.MessageStore);
        Assert.Equal(["1", "1", "1"], _model.Requests.Select(request => request.Options!.ConversationId));
        Assert.Equal(["a"], _model.Requests[0].Texts);
        Assert.Equal(
            ["created 1", "invoking a", "invoked a -> one", "invoking b", "invoked b -> two", "invoking c", "created 2", "invoked c -> three"],
            _provider.Calls);
    }

    [Fact]
    public async Task An_empty_thread_becomes_the_services_when_the_service_keeps_it()
    {
        _model.Answers(Answer("1", "!"));
        ChatAgent agent = Agent();
        AgentThread thread = agent.GetNewThread();
        await agent.RunAsync("?", thread);
        Assert.Equal(("1", null), (thread.ServiceThreadId, thread.MessageStore));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_service_that_names_no_thread_fails_the_run(string? id)
    {
        _model.Answers(Answer(id, "!"));
        var failure = await Assert.ThrowsAsync<AgentExecutionException>(() => Agent().RunAsync("?", new AgentThread("1")));
        Assert.Equal("Service did not return a valid conversation id when using a service managed thread.", failure.Message);
        Assert.Equal(["created 1", "invoking ?", "invoked ? -> AgentExecutionException"], _provider.Calls);
    }

    [Fact]
    public async Task A_service_that_keeps_a_thread_with_a_store_fails_the_run()
    {
        _model.Answers(Answer("1", "!"));
        var store = new InMemoryChatMessageStore();
        await Assert.ThrowsAsync<AgentThreadException>(() => Agent().RunAsync("?", new AgentThread(messageStore: store)));
        Assert.Empty(store.Messages);
    }

    [Fact]
    public async Task Two_ids_for_one_run_are_refused_before_anything_happens()
    {
        _model.Answers(Answer("1", "!"));
        var agent = new ChatAgent(_model, new ChatAgentOptions { ConversationId = "1", ContextProviders = [_provider] });
        var failure = await Assert.ThrowsAsync<AgentExecutionException>(() => agent.RunAsync("?", new AgentThread("2")));
        Assert.Equal(
            "The conversation_id set on the agent is different from the one set on the thread, only one ID can be used for a run.", failure.Message);
        await Assert.ThrowsAsync<AgentExecutionException>(
            () => agent.RunAsync("?", agent.GetNewThread(), new AgentRunOptions { ChatOptions = new ChatOptions { ConversationId = "3" } }));
        Assert.Empty(_model.Requests);
        Assert.Empty(_provider.Calls);
        await agent.RunAsync("?", new AgentThread("1"));
    }

    [Fact]
    public async Task A_run_that_is_started_again_is_stored_once()
    {
        GrainHost host = await hosts.InMemoryAsync();
        var store = new ConversationChatMessageStore(Clients.OfNewTenant(host).Get("c"));
        _model.Says("!").Says("!").Says("otherwise");
        var agent = new ChatAgent(_model);
        var options = new AgentRunOptions { TurnId = "run" };
        await agent.RunAsync("?", new AgentThread(messageStore: store), options);
        await agent.RunAsync("?", new AgentThread(messageStore: store), options);
        await Assert.ThrowsAsync<TurnConflictException>(() => agent.RunAsync("?", new AgentThread(messageStore: store), options));
        Assert.Equal(["?", "!"], (await store.ListMessagesAsync()).Select(message => message.Text));
    }

    [Fact]
    public async Task A_threads_own_provider_serves_it()
    {
        _model.Says("!");
        var own = new ScriptedProvider();
        await Agent().RunAsync("?", new AgentThread(contextProvider: own));
        Assert.Equal(["invoking ?", "invoked ? -> !"], own.Calls);
        Assert.Empty(_provider.Calls);
        await Agent().RunAsync("?", new AgentThread());
        Assert.Equal(2, _provider.Calls.Count);
    }

    [Fact]
    public async Task An_aggregate_that_is_given_is_the_agents_own()
    {
        var aggregate = new AggregateContextProvider();
        var agent = new ChatAgent(_model.Says("!"), new ChatAgentOptions { ContextProviders = [aggregate] });
        agent.ContextProvider!.Add(_provider);
        await agent.RunAsync("?");
        Assert.Same(aggregate, agent.ContextProvider);
        Assert.Equal(2, _provider.Calls.Count);
    }

    private static ChatResponse Answer(string? conversationId, string text) =>
        new(new ChatMessage(ChatRole.Assistant, text)) { ConversationId = conversationId };

    private static AIFunction Tool(string name) => AIFunctionFactory.Create(() => 1, name);

    private static IEnumerable<string> Texts(AgentThread thread) =>
        ((InMemoryChatMessageStore)thread.MessageStore!).Messages.Select(message => message.Text);

    private ChatAgent Agent() => new(_model, new ChatAgentOptions { ContextProviders = [_provider] });
}
