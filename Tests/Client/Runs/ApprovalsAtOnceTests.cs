using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Runs;
using OrleansMemory.Tests.AgentFramework;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>One approval that two processes post at the same moment.</summary>
public sealed class ApprovalsAtOnceTests(ApprovalsAtOnceTests.OneHost one) : IClassFixture<ApprovalsAtOnceTests.OneHost>, IAsyncLifetime
{
    private readonly string _tenant = SharedHosts.NewTenant();
    private readonly WatchedPauses _pauses = new(TimeSpan.FromMilliseconds(40), TimeSpan.FromSeconds(1));
    private readonly Gate _works = new();
    private ConversationClient _one = null!;
    private ConversationClient _other = null!;
    private int _deletions;

    public ValueTask InitializeAsync()
    {
        _one = Clients.OfTenant(one.Host, _tenant);
        _other = Clients.OfTenant(one.Host, _tenant, _pauses);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _works.Dispose();
        return ValueTask.CompletedTask;
    }

    public static TheoryData<bool, bool, string?> Ways()
    {
        var data = new TheoryData<bool, bool, string?>();
        foreach (bool outside in new[] { false, true })
        {
            foreach (bool streaming in new[] { false, true })
            {
                data.Add(outside, streaming, null);
                data.Add(outside, streaming, "same");
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_tool_runs_once_and_the_other_post_goes_on_behind_it(bool outside, bool streaming, string? turnId)
    {
        var model = new StrictChatClient(Script);
        ToolApprovalRequestContent request = await AskAsync(model, outside);

        Task<ChatResponse> first = PostAsync(model, _one, outside, streaming, request, turnId);
        await _works.ArrivalAsync();
        Task<ChatResponse> second = PostAsync(model, _other, outside, streaming, request, turnId);
        await _pauses.Paused.ArrivalAsync();
        await _pauses.Paused.ArrivalAsync();
        Assert.False(second.IsCompleted);
        _works.Open();
        ChatResponse[] responses = await Task.WhenAll(first, second).WithTimeout();

        Assert.Equal(1, _deletions);
        Assert.All(responses, response => Assert.Equal("done", response.Messages[^1].Text));
        Conversation conversation = _one.Get("c");
        Assert.Single(
            (await conversation.GetMessagesAsync()).Messages.SelectMany(message => message.Message.Contents).OfType<FunctionResultContent>()
        );
        Assert.Empty(await conversation.GetEntriesAsync());
        if (!outside && turnId is not null)
        {
            Assert.Single(responses.Select(response => response.Messages[^1].MessageId).Distinct());
        }

        model.DemandUnchanged();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_first_post_is_given_up_the_other_one_runs_the_tool(bool outside)
    {
        var model = new StrictChatClient(Script);
        ToolApprovalRequestContent request = await AskAsync(model, outside);
        using var cancellation = new CancellationTokenSource();

        Task<ChatResponse> first = PostAsync(model, _one, outside, streaming: false, request, null, cancellation.Token);
        await _works.ArrivalAsync();
        Task<ChatResponse> second = PostAsync(model, _other, outside, streaming: false, request, null);
        await _pauses.Paused.ArrivalAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await _works.ArrivalAsync();
        _works.Open();

        Assert.Equal("done", (await second.WithTimeout()).Messages[^1].Text);
        Assert.Equal(1, _deletions);
        Assert.Empty(await _one.Get("c").GetEntriesAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_claim_of_a_process_that_died_ends_by_itself(bool outside)
    {
        var model = new StrictChatClient(Script);
        ToolApprovalRequestContent request = await AskAsync(model, outside);
        Assert.NotNull(await ApprovalClaim.TakeAsync(_one.Get("c"), [Answer(request)], NullLogger.Instance, CancellationToken.None));
        _works.Open();

        Task<ChatResponse> post = PostAsync(model, _other, outside, streaming: false, request, null);
        await _pauses.Paused.ArrivalAsync();
        one.Clock.Advance(ApprovalClaim.Age);
        Assert.Equal("done", (await post.WithTimeout()).Messages[^1].Text);
        Assert.Equal(1, _deletions);
    }

    [Fact]
    public async Task A_fork_does_not_wait_for_the_conversation_that_it_was_made_of()
    {
        var model = new StrictChatClient(Script);
        ToolApprovalRequestContent request = await AskAsync(model, outside: false);
        Task<ChatResponse> first = PostAsync(model, _one, outside: false, streaming: false, request, null);
        await _works.ArrivalAsync();
        await _one.Get("c").ForkAsync("fork");
        Task<ChatResponse> forked = Make(model, _other, outside: false)
            .GetResponseAsync([Answer(request)], new ChatOptions { ConversationId = "fork" });
        await _works.ArrivalAsync();
        _works.Open();
        await Task.WhenAll(first, forked).WithTimeout();
        Assert.Equal(2, _deletions);
        Assert.Empty(await _one.Get("fork").GetEntriesAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_agents_tool_runs_once_too(bool streaming)
    {
        var model = new StrictChatClient(Script);
        AgentSession session = (await Agent(_one).CreateSessionAsync()).UseConversation("c");
        AgentResponse asked = await Agent(_one).RunAsync("delete it", session);
        JsonElement state = await Agent(_one).SerializeSessionAsync(session);
        ToolApprovalRequestContent request = Assert.Single(
            asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>()
        );
        Task<AgentResponse> first = PostAsync(_one);
        await _works.ArrivalAsync();
        Task<AgentResponse> second = PostAsync(_other);
        await _pauses.Paused.ArrivalAsync();
        _works.Open();
        await Task.WhenAll(first, second).WithTimeout();
        Assert.Equal(1, _deletions);
        Assert.Empty(await _one.Get("c").GetEntriesAsync());

        async Task<AgentResponse> PostAsync(ConversationClient conversations)
        {
            AgentSession resumed = await Agent(conversations).DeserializeSessionAsync(state);
            return await Agent(conversations).RunAsync(streaming, [Answer(request)], resumed);
        }

        AIAgent Agent(ConversationClient conversations) =>
            TestAgents.Of(model, new ConversationHistoryProvider(conversations), tools: Delete).WithDurableRuns();
    }

    [Fact]
    public async Task Ignored_known_and_resent_approvals_cost_no_claim_and_one_of_a_server_does_not_wait_for_itself()
    {
        var model = new StrictChatClient(call => call.Number == 1 ? StrictAnswer.AsksFor("s") : StrictAnswer.Text("fine"));
        IChatClient client = Make(model, _one, outside: true);
        ChatResponse asked = await client.GetResponseAsync([new ChatMessage(ChatRole.User, "use the server")]);
        ToolApprovalRequestContent request = asked
            .Messages.SelectMany(message => message.Contents)
            .OfType<ToolApprovalRequestContent>()
            .Single();
        ChatMessage answer = new(ChatRole.User, [request.CreateResponse(true)]);
        ChatResponse done = await client.GetResponseAsync([answer]).WithTimeout();
        Assert.Equal("fine", done.Text);

        long version = (await _one.Get("c").GetHeadAsync())!.Version;
        await Make(model, _one, outside: false).GetResponseAsync([answer, .. done.Messages, new ChatMessage(ChatRole.User, "and?")]);
        Assert.Equal(version + 1, (await _one.Get("c").GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task Where_entries_leave_no_room_for_a_claim_the_run_goes_on()
    {
        await using GrainHost small = await GrainHost.InMemoryAsync(configure: options => options.MaxEntries = 1);
        ConversationClient client = Clients.OfTenant(small, _tenant);
        await client.Get("c").SetEntryAsync("s", "k", "1");
        _works.Open();
        var model = new StrictChatClient(Script);
        IChatClient chat = Make(model, client, outside: false);
        ChatResponse asked = await chat.GetResponseAsync([new ChatMessage(ChatRole.User, "delete it")]);
        ToolApprovalRequestContent request = asked
            .Messages.SelectMany(message => message.Contents)
            .OfType<ToolApprovalRequestContent>()
            .Single();
        Assert.Equal("done", (await chat.GetResponseAsync([Answer(request)])).Messages[^1].Text);
        Assert.Equal(1, _deletions);
    }

    private AIFunction Delete =>
        field ??= new ApprovalRequiredAIFunction(
            AIFunctionFactory.Create(
                async (CancellationToken cancellationToken) =>
                {
                    await _works.PassUnlessAsync(cancellationToken);
                    return Interlocked.Increment(ref _deletions);
                },
                "delete"
            )
        );

    private static StrictAnswer Script(StrictCall call) =>
        call.Messages[^1].Text.StartsWith("delete", StringComparison.Ordinal)
            ? StrictAnswer.Calls("delete", "c")
            : StrictAnswer.Text("done");

    private async Task<ToolApprovalRequestContent> AskAsync(StrictChatClient model, bool outside)
    {
        ChatResponse asked = await Make(model, _one, outside).GetResponseAsync([new ChatMessage(ChatRole.User, "delete it")]);
        return Assert.Single(asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>());
    }

    private Task<ChatResponse> PostAsync(
        StrictChatClient model,
        ConversationClient conversations,
        bool outside,
        bool streaming,
        ToolApprovalRequestContent request,
        string? turnId,
        CancellationToken cancellationToken = default
    )
    {
        IChatClient client = Make(model, conversations, outside);
        var options = new ChatOptions
        {
            AdditionalProperties = turnId is null ? null : new() { [ConversationChatClient.TurnIdProperty] = turnId },
        };
        return streaming
            ? client.GetStreamingResponseAsync([Answer(request)], options, cancellationToken).ToChatResponseAsync(cancellationToken)
            : client.GetResponseAsync([Answer(request)], options, cancellationToken);
    }

    private IChatClient Make(IChatClient model, ConversationClient conversations, bool outside)
    {
        IChatClient client = outside
            ? new AnsweredApprovalsChatClient(new FunctionInvokingChatClient(Bind(model, conversations)))
            : Bind(new FunctionInvokingChatClient(model), conversations);
        return client.AsBuilder().ConfigureOptions(options => options.Tools = [Delete]).Build();
    }

    private static ConversationChatClient Bind(IChatClient client, ConversationClient conversations) =>
        client.WithConversation(conversations, options => options.ConversationId = "c");

    /// <summary>An answer as a front end posts it: nothing of it is an object that was handed out.</summary>
    private static ChatMessage Answer(ToolApprovalRequestContent request)
    {
        var call = (FunctionCallContent)request.ToolCall;
        var asked = new ToolApprovalRequestContent(request.RequestId, new FunctionCallContent(call.CallId, call.Name, call.Arguments));
        string posted = JsonSerializer.Serialize(
            new ChatMessage(ChatRole.User, [asked.CreateResponse(true)]),
            AIJsonUtilities.DefaultOptions
        );
        return JsonSerializer.Deserialize<ChatMessage>(posted, AIJsonUtilities.DefaultOptions)!;
    }

    /// <summary>One host for all of them. A test uses a tenant of its own.</summary>
    public sealed class OneHost : IAsyncLifetime
    {
        public ManualUtcClock Clock { get; } = new();

        public GrainHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await GrainHost.InMemoryAsync(Clock);

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
