using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>A tool with a journal is not called again when its run is sent again.</summary>
public sealed class ToolJournalTests : IAsyncLifetime
{
    private readonly InMemoryConversationStore _store = new(NullLogger<InMemoryConversationStore>.Instance);
    private readonly string _tenant = SharedHosts.NewTenant();
    private GrainHost _host = null!;
    private ConversationClient _client = null!;
    private int _paid;

    private Conversation Conversation => _client.Get("c");

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
    public async Task A_run_that_failed_in_mid_loop_or_whose_process_died_calls_no_finished_tool_again(bool streaming, bool processDies)
    {
        // New ids for the same calls each time, and names in another order.
        int attempt = 0;
        var model = new StrictChatClient(call =>
            !call.AnswersCalls
                ? new StrictAnswer(
                    Pay(Guid.NewGuid().ToString(), 5, "Ada"),
                    Pay(Guid.NewGuid().ToString(), 5, "Ada"),
                    Pay(Guid.NewGuid().ToString(), 7, "Bob")
                )
            : ++attempt < 3 ? StrictAnswer.Text("x") with { Failure = new InvalidOperationException("no") }
            : StrictAnswer.Text("paid")
        );
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(model, streaming, "t"));
            Assert.Equal(3, _paid);
            Assert.Equal(3, Journal(await Conversation.GetEntriesAsync()).Length);
            if (processDies)
            {
                await _host.DisposeAsync();
                _host = await GrainHost.OverStoreAsync(_store);
                _client = Clients.OfTenant(_host, _tenant);
            }
        }

        ChatResponse response = await RunAsync(model, streaming, "t");
        Assert.Equal((3, "paid"), (_paid, response.Messages[^1].Text));
        Assert.Empty(Journal(await Conversation.GetEntriesAsync()));
        ChatMessage[] log = [.. (await Conversation.GetMessagesAsync()).Messages.Select(message => message.Message)];
        Assert.Equal(4, log.Length);
        Assert.Equal(
            ["receipt 1", "receipt 2", "receipt 3"],
            log[2].Contents.OfType<FunctionResultContent>().Select(result => result.Result!.ToString()).Order()
        );

        // Another run pays anew.
        await RunAsync(model, streaming, "u");
        Assert.Equal(6, _paid);
    }

    [Fact]
    public async Task Of_two_runs_at_once_under_one_id_one_pays()
    {
        using var gate = new Gate();
        var model = new StrictChatClient(call => call.AnswersCalls ? StrictAnswer.Text("paid") : new StrictAnswer(Pay("a", 5, "Ada")));
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
        Task<ChatResponse>[] runs = [RunAsync(model, streaming: false, "t", slow), RunAsync(model, streaming: false, "t", slow)];
        await gate.ArrivalAsync();
        gate.Open();
        ChatResponse[] responses = await Task.WhenAll(runs).WithTimeout();

        Assert.Equal(1, _paid);
        Assert.Equal(4, (await Conversation.GetHeadAsync())!.LastSequence);
        Assert.Single(responses.Select(response => response.Messages[^1].MessageId).Distinct());
    }

    [Fact]
    public async Task Two_processes_are_given_the_result_that_was_written_first()
    {
        ConversationClient other = Clients.OfTenant(_host, _tenant);
        using var gate = new Gate();
        List<string> results = [];

        // A run that is committed removes its journal: neither is before both have their results.
        using var both = new Barrier(2);
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
        var model = new StrictChatClient(call =>
        {
            if (!call.AnswersCalls)
            {
                return new StrictAnswer(Pay("a", 5, "Ada"));
            }

            lock (results)
            {
                results.Add(call.Messages[^1].Contents.OfType<FunctionResultContent>().Single().Result!.ToString()!);
            }

            Assert.True(both.SignalAndWait(Timings.Patience));
            return StrictAnswer.Text("paid");
        });
        Task<ChatResponse>[] runs = [RunAsync(model, streaming: false, "t", slow), RunAsync(model, streaming: false, "t", slow, other)];
        await gate.ArrivalAsync();
        await gate.ArrivalAsync();
        gate.Open();
        ChatResponse[] responses = await Task.WhenAll(runs).WithTimeout();

        Assert.Equal(2, _paid);
        Assert.Single(results.Distinct());
        Assert.Equal(responses[0].Text, responses[1].Text);
    }

    [Fact]
    public async Task Results_come_back_as_what_they_were()
    {
        object?[] results =
        [
            "text \ud800",
            null,
            5,
            JsonElement.Parse("""{"a":[1,{"b":null}]}"""),
            new TextContent("said"),
            new DataContent(new byte[] { 1, 2 }, "image/png"),
            new List<AIContent> { new TextContent("a"), new DataContent(new byte[] { 3 }, "image/png") },
        ];
        foreach (object? result in results)
        {
            object? first = await CallTwiceAsync(new Fixed(result), expectedCalls: 1);
            Assert.Equal(Describe(result), Describe(first));
        }
    }

    [Fact]
    public async Task What_cannot_be_kept_is_given_to_the_model_all_the_same_and_a_failure_is_no_result()
    {
        await CallTwiceAsync(new Fixed(new string('x', 2 * 1024 * 1024)), expectedCalls: 2);
        await CallTwiceAsync(new Fixed(new Foreign()), expectedCalls: 2);
        await CallTwiceAsync(new Fixed(null) { Failure = new InvalidOperationException("no") }, expectedCalls: 2);
    }

    [Fact]
    public async Task Without_a_turn_id_or_a_run_the_tool_is_called_as_it_is_and_the_journal_stays_out_of_exports()
    {
        var model = new StrictChatClient(call =>
            call.AnswersCalls ? StrictAnswer.Text("paid") : new StrictAnswer(Pay($"a{call.Number}", 5, "Ada"))
        );
        await RunAsync(model, streaming: false, null);
        await RunAsync(model, streaming: false, null);
        Assert.Equal(2, _paid);
        Assert.Equal("receipt 3", (await Tool.InvokeAsync(new AIFunctionArguments { ["amount"] = 1, ["to"] = "x" }))!.ToString());
        Assert.Empty(Journal(await Conversation.GetEntriesAsync()));
        Assert.Same(Tool.GetService<JournalledFunction>(), Tool.WithJournal());

        var failing = new StrictChatClient(call =>
            call.AnswersCalls
                ? StrictAnswer.Text("x") with
                {
                    Failure = new InvalidOperationException("no"),
                }
                : new StrictAnswer(Pay("b", 5, "Ada"))
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(failing, streaming: false, "t"));
        Assert.Single(Journal(await Conversation.GetEntriesAsync()));
        using var document = new MemoryStream();
        await Conversation.ExportAsync(document);
        Assert.DoesNotContain("receipt 4", System.Text.Encoding.UTF8.GetString(document.ToArray()), StringComparison.Ordinal);

        // A run that does not call the tool this time removes what it left before.
        await RunAsync(new StrictChatClient(), streaming: false, "t");
        Assert.Empty(Journal(await Conversation.GetEntriesAsync()));
    }

    [Fact]
    public async Task A_journal_is_no_change_of_the_log()
    {
        var model = new StrictChatClient(call =>
            call.AnswersCalls ? StrictAnswer.Text("paid") : new StrictAnswer(Pay($"a{call.Number}", 5, "Ada"))
        );
        for (int i = 0; i < 2; i++)
        {
            ConversationChatClient client = model
                .AsBuilder()
                .UseFunctionInvocation()
                .Build()
                .WithConversation(_client, options => (options.ConversationId, options.RequireUnchangedLog) = ("c", true));
            await client.GetResponseAsync("pay", Options($"t{i}", Tool));
        }

        Assert.Equal((2, 8), (_paid, (await Conversation.GetHeadAsync())!.LastSequence));
    }

    private AIFunction Tool =>
        field ??= AIFunctionFactory.Create((int amount, string to) => $"receipt {Interlocked.Increment(ref _paid)}", "pay").WithJournal();

    private static FunctionCallContent Pay(string id, int amount, string to) =>
        new(
            id,
            "pay",
            id.GetHashCode(StringComparison.Ordinal) % 2 == 0
                ? new Dictionary<string, object?> { ["amount"] = amount, ["to"] = to }
                : new Dictionary<string, object?> { ["to"] = to, ["amount"] = amount }
        );

    private static Entry[] Journal(IEnumerable<Entry> entries) =>
        [.. entries.Where(entry => entry.Space.StartsWith(EntrySpaces.ToolJournalPrefix, StringComparison.Ordinal))];

    private static ChatOptions Options(string? turnId, AIFunction tool) =>
        new() { Tools = [tool], AdditionalProperties = turnId is null ? null : new() { [ConversationChatClient.TurnIdProperty] = turnId } };

    private static string? Describe(object? result) =>
        result switch
        {
            null => null,
            IEnumerable<AIContent> contents => string.Join(';', contents.Select(Describe)),
            DataContent data => data.Uri,
            string text => string.Join(' ', text.Select(letter => (int)letter)),
            _ => result.ToString(),
        };

    private Task<ChatResponse> RunAsync(
        StrictChatClient model,
        bool streaming,
        string? turnId,
        AIFunction? tool = null,
        ConversationClient? conversations = null
    )
    {
        IChatClient inner = model.AsBuilder().UseFunctionInvocation().Build();
        ConversationChatClient client = inner.WithConversation(conversations ?? _client, options => options.ConversationId = "c");
        return streaming
            ? client.GetStreamingResponseAsync("pay", Options(turnId, tool ?? Tool)).ToChatResponseAsync()
            : client.GetResponseAsync("pay", Options(turnId, tool ?? Tool));
    }

    /// <summary>Calls a tool in a run that fails, and in the same run again; gives what the second call gave.</summary>
    private async Task<object?> CallTwiceAsync(Fixed tool, int expectedCalls)
    {
        object? result = null;
        string id = Guid.NewGuid().ToString("N");
        for (int i = 0; i < 2; i++)
        {
            var model = new RunScriptClient((_, _) => CallAsync());
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                model
                    .WithConversation(_client, options => options.ConversationId = id)
                    .GetResponseAsync("call", Options("t", tool.WithJournal()))
            );
        }

        Assert.Equal(expectedCalls, tool.Calls);
        return result;

        async IAsyncEnumerable<ChatResponseUpdate> CallAsync()
        {
            result = await tool.WithJournal().InvokeAsync(new AIFunctionArguments());
            yield return new ChatResponseUpdate(ChatRole.Assistant, "x");
            throw new InvalidOperationException("no");
        }
    }

    private sealed class Fixed(object? result) : AIFunction
    {
        public override string Name => "fixed";

        public int Calls { get; private set; }

        public Exception? Failure { get; init; }

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            Calls++;
            return Failure is null ? ValueTask.FromResult(result) : throw Failure;
        }
    }

    private sealed class Foreign
    {
        public string Secret => throw new NotSupportedException("nobody can read this");
    }
}
