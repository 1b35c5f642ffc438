using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>A tool with a journal that a loop outside calls is not called again when the loop is sent again.</summary>
public sealed class OutsideJournalTests : IAsyncLifetime
{
    private readonly WatchedStore _store = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
    private readonly string _tenant = SharedHosts.NewTenant();
    private GrainHost _host = null!;
    private ConversationClient _client = null!;
    private int _paid;

    private Conversation Conversation => _client.Get("c");

    private AIFunction Tool =>
        field ??= AIFunctionFactory.Create((int amount, string to) => $"receipt {Interlocked.Increment(ref _paid)}", "pay").WithJournal();

    public async ValueTask InitializeAsync()
    {
        _host = await GrainHost.OverStoreAsync(_store);
        _client = Clients.OfTenant(_host, _tenant);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_loop_that_failed_anywhere_or_whose_process_died_calls_no_finished_tool_again(bool streaming, bool processDies)
    {
        // Two rounds of calls. The model fails in the first, second and third call of the loop, and then again in each of those that are
        // left.
        HashSet<string> failed = [];
        var model = new StrictChatClient(call =>
            Round(call) switch
            {
                var round when failed.Add($"{round}") => StrictAnswer.Text("x") with { Failure = new InvalidOperationException("no") },
                0 => new StrictAnswer(Pay(5, "Ada"), Pay(5, "Ada"), Pay(7, "Bob")),
                1 => new StrictAnswer(Pay(5, "Ada"), Pay(9, "Eve")),
                _ => StrictAnswer.Text("paid"),
            }
        );
        int[] paid = [0, 3, 5];
        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(model, streaming, "t"));
            Assert.Equal(paid[i], _paid);
            Assert.Equal(i == 0 ? 0 : paid[i] - paid[i - 1], i == 0 ? 0 : (await JournalAsync()).Length);
            await RestartAsync(processDies);
        }

        for (int i = 0; i < 2; i++)
        {
            // The second time everything has been committed already: only the answer of our caller was lost.
            ChatResponse response = await RunAsync(model, streaming, "t");
            Assert.Equal((5, "paid"), (_paid, response.Messages[^1].Text));
            Assert.Empty(await JournalAsync());
            ChatMessage[] log = [.. (await Conversation.GetMessagesAsync()).Messages.Select(message => message.Message)];
            Assert.Equal(6, log.Length);
            Assert.Equal(
                ["receipt 1", "receipt 2", "receipt 3", "receipt 4", "receipt 5"],
                log.SelectMany(message => message.Contents)
                    .OfType<FunctionResultContent>()
                    .Select(result => result.Result!.ToString())
                    .Order()
            );
            await RestartAsync(processDies);
        }

        // Another loop pays anew.
        await RunAsync(model, streaming, "u");
        Assert.Equal(10, _paid);
        model.DemandUnchanged();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Behind_what_others_said_since_the_result_is_still_found(bool streaming)
    {
        var model = new StrictChatClient(call => Round(call) == 0 ? new StrictAnswer(Pay(5, "Ada")) : StrictAnswer.Text("paid"));
        await RunAsync(model, streaming, "t");
        await Conversation.AppendAsync(Enumerable.Range(0, 1_500).Select(i => new ChatMessage(ChatRole.User, $"{i}")));
        Assert.Equal("paid", (await RunAsync(model, streaming, "t")).Messages[^1].Text);
        Assert.Equal((1, 2), (_paid, model.Calls.Count));
    }

    [Fact]
    public async Task A_process_that_is_behind_finds_what_the_other_one_has_stored()
    {
        ConversationClient other = Clients.OfTenant(_host, _tenant);
        var model = new StrictChatClient(call => Round(call) == 0 ? new StrictAnswer(Pay(5, "Ada")) : StrictAnswer.Text("paid"));
        bool first = true;

        // The second process holds still between the call of the model and the tool until the first one has ended.
        var late = new Before(
            Loop(model, other),
            async () =>
            {
                if (first)
                {
                    first = false;
                    await RunAsync(model, streaming: false, "t");
                }
            }
        );
        ChatResponse response = await late.WithToolJournal()
            .GetResponseAsync([new ChatMessage(ChatRole.User, "pay")], Options("t", late.Tool(Tool)));
        Assert.Equal((1, "paid"), (_paid, response.Messages[^1].Text));
        Assert.Equal(4, (await Conversation.GetHeadAsync())!.LastSequence);
    }

    [Fact]
    public async Task Two_processes_at_once_are_given_the_result_that_was_written_first()
    {
        using var gate = new Gate();
        AIFunction slow = AIFunctionFactory
            .Create(
                async (int amount, string to) =>
                {
                    string receipt = $"receipt {Interlocked.Increment(ref _paid)}";
                    await gate.PassAsync();
                    return receipt;
                },
                "pay"
            )
            .WithJournal();
        var model = new StrictChatClient(call => Round(call) == 0 ? new StrictAnswer(Pay(5, "Ada")) : StrictAnswer.Text("paid"));
        await RunAsync(new StrictChatClient(), streaming: false, "before");
        Task<ChatResponse> one = RunAsync(model, streaming: false, "t", slow);
        await gate.ArrivalAsync();
        Task<ChatResponse> two = RunAsync(model, streaming: false, "t", slow, Clients.OfTenant(_host, _tenant));
        await gate.ArrivalAsync();
        gate.Open();
        ChatResponse[] responses = await Task.WhenAll(one, two).WithTimeout();

        Assert.Equal(2, _paid);
        Assert.Single(responses.Select(response => response.Messages[^1].MessageId).Distinct());
        FunctionResultContent stored = (await Conversation.GetMessagesAsync())
            .Messages.SelectMany(message => message.Message.Contents)
            .OfType<FunctionResultContent>()
            .Single();
        Assert.StartsWith("receipt ", stored.Result!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_loops_at_once_in_one_process_one_pays()
    {
        using var gate = new Gate();
        AIFunction slow = AIFunctionFactory
            .Create(
                async (int amount, string to) =>
                {
                    await gate.PassAsync();
                    return $"receipt {Interlocked.Increment(ref _paid)}";
                },
                "pay"
            )
            .WithJournal();
        var model = new StrictChatClient(call => Round(call) == 0 ? new StrictAnswer(Pay(5, "Ada")) : StrictAnswer.Text("paid"));
        Task<ChatResponse>[] runs = [RunAsync(model, streaming: false, "t", slow), RunAsync(model, streaming: false, "t", slow)];
        await gate.ArrivalAsync();
        gate.Open();
        await Task.WhenAll(runs).WithTimeout();
        Assert.Equal((1, 4), (_paid, (await Conversation.GetHeadAsync())!.LastSequence));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_that_was_approved_is_not_called_again_when_its_loop_failed(bool streaming)
    {
        bool fails = true;
        var model = new StrictChatClient(call =>
            Round(call) == 0
                ? new StrictAnswer(Pay(5, "Ada"))
                : StrictAnswer.Text("paid") with
                {
                    Failure = fails ? new InvalidOperationException("no") : null,
                }
        );
        var tool = new ApprovalRequiredAIFunction(Tool);
        ChatResponse asked = await RunAsync(model, streaming, "ask", tool);
        ToolApprovalRequestContent request = asked
            .Messages.SelectMany(message => message.Contents)
            .OfType<ToolApprovalRequestContent>()
            .Single();
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => ApproveAsync());
        }

        fails = false;
        Assert.Equal("paid", (await ApproveAsync()).Messages[^1].Text);
        await ApproveAsync();
        Assert.Equal(1, _paid);
        Assert.Empty(await JournalAsync());

        Task<ChatResponse> ApproveAsync()
        {
            var call = (FunctionCallContent)request.ToolCall;
            var fresh = new ToolApprovalRequestContent(request.RequestId, new FunctionCallContent(call.CallId, call.Name, call.Arguments));
            IChatClient client = new AnsweredApprovalsChatClient(Loop(model, _client)).WithToolJournal();
            ChatMessage[] input = [new(ChatRole.User, [fresh.CreateResponse(true)])];
            return streaming
                ? client.GetStreamingResponseAsync(input, Options("approve", tool)).ToChatResponseAsync()
                : client.GetResponseAsync(input, Options("approve", tool));
        }
    }

    [Fact]
    public async Task Without_a_turn_id_or_the_journal_around_the_tool_is_called_as_it_is()
    {
        bool fails = true;
        var model = new StrictChatClient(call =>
            Round(call) == 0
                ? new StrictAnswer(Pay(5, "Ada"))
                : StrictAnswer.Text("paid") with
                {
                    Failure = fails ? new InvalidOperationException("no") : null,
                }
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(model, streaming: false, null));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Loop(model, _client).GetResponseAsync("pay", Options("t", Tool)));
        Assert.Equal(2, _paid);
        Assert.Empty(await JournalAsync());
        fails = false;
        Assert.Equal("paid", (await Loop(model, _client).GetResponseAsync("pay", Options("t", Tool))).Messages[^1].Text);
        Assert.Equal(3, _paid);
    }

    [Fact]
    public async Task A_journal_without_a_conversation_inside_is_refused() =>
        await Task.FromResult(
            Assert.Throws<ArgumentException>(() => new FunctionInvokingChatClient(new StrictChatClient()).WithToolJournal())
        );

    private static int Round(StrictCall call) =>
        call
            .Messages.Reverse()
            .TakeWhile(message => message.Role != ChatRole.User || message.Text != "pay")
            .Count(message => message.Role == ChatRole.Tool);

    private static FunctionCallContent Pay(int amount, string to) =>
        new(Guid.NewGuid().ToString("N"), "pay", new Dictionary<string, object?> { ["amount"] = amount, ["to"] = to });

    private static ChatOptions Options(string? turnId, AITool tool) =>
        new() { Tools = [tool], AdditionalProperties = turnId is null ? null : new() { [ConversationChatClient.TurnIdProperty] = turnId } };

    private static IChatClient Loop(IChatClient model, ConversationClient conversations) =>
        model.WithConversation(conversations, options => options.ConversationId = "c").AsBuilder().UseFunctionInvocation().Build();

    private Task<ChatResponse> RunAsync(
        IChatClient model,
        bool streaming,
        string? turnId,
        AITool? tool = null,
        ConversationClient? conversations = null
    )
    {
        IChatClient client = Loop(model, conversations ?? _client).AsBuilder().Use(loop => loop.WithToolJournal()).Build();
        return streaming
            ? client.GetStreamingResponseAsync("pay", Options(turnId, tool ?? Tool)).ToChatResponseAsync()
            : client.GetResponseAsync("pay", Options(turnId, tool ?? Tool));
    }

    private async Task RestartAsync(bool processDies)
    {
        if (processDies)
        {
            await _host.DisposeAsync();
            _host = await GrainHost.OverStoreAsync(_store);
            _client = Clients.OfTenant(_host, _tenant);
        }
    }

    private async Task<Entry[]> JournalAsync() =>
        await Conversation.GetHeadAsync() is null
            ? []
            :
            [
                .. (await Conversation.GetEntriesAsync()).Where(entry =>
                    entry.Space.StartsWith(EntrySpaces.ToolJournalPrefix, StringComparison.Ordinal)
                ),
            ];

    /// <summary>Does something before each journalled tool is asked for its result.</summary>
    private sealed class Before(IChatClient loop, Func<Task> act) : DelegatingChatClient(loop)
    {
        public AIFunction Tool(AIFunction journalled) => new Late(journalled, act);

        private sealed class Late(AIFunction journalled, Func<Task> act) : DelegatingAIFunction(journalled)
        {
            protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
            {
                await act();
                return await base.InvokeCoreAsync(arguments, cancellationToken);
            }
        }
    }
}
