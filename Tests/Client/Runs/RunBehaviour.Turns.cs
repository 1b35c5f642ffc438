using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Runs;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

public abstract partial class RunBehaviour
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_run_that_comes_again_gets_the_stored_response_and_asks_no_model(bool first, bool second)
    {
        var model = new RunScriptClient();
        await RunAsync(Bind(model), first, [User("0")]);
        ChatResponse said = await RunAsync(Bind(model), first, [User("1")], Turn("t"));
        await RunAsync(Bind(model), first, [User("2")]);
        ChatResponse again = await RunAsync(Bind(model), second, [User("1")], Turn("t"));

        Assert.Equal(
            (_id, "answer 2", said.Messages.Single().MessageId),
            (again.ConversationId, again.Text, again.Messages.Single().MessageId)
        );
        Assert.Equal(3, model.Calls.Count);
        Assert.Equal(3, await VersionAsync());
        Assert.NotNull(await Conversation.GetTurnAsync("t"));
    }

    [Fact]
    public async Task A_turn_id_with_another_input_is_a_conflict_before_the_model_is_asked()
    {
        var model = new RunScriptClient();
        await Bind(model).GetResponseAsync([User("1"), User("2")], Turn("t"));
        ChatMessage[][] others =
        [
            [User("x")],
            [User("1")],
            [User("1"), User("2"), User("3")],
            [],
            [User("1"), User("2"), new(ChatRole.Assistant, "x")],
        ];
        foreach (ChatMessage[] other in others)
        {
            TurnConflictException conflict = await Assert.ThrowsAsync<TurnConflictException>(() =>
                Bind(model).GetResponseAsync(other, Turn("t"))
            );
            Assert.Equal(("t", 1), (conflict.TurnId, conflict.CommittedVersion));
            await Assert.ThrowsAsync<TurnConflictException>(() => RunAsync(Bind(model), streaming: true, other, Turn("t")));
        }

        Assert.Single(model.Calls);
    }

    [Fact]
    public async Task A_caller_that_sends_everything_may_repeat_a_run_too()
    {
        var model = new RunScriptClient();
        ChatResponse first = await Bind(model).GetResponseAsync([User("1")], Turn("1"));
        ChatMessage[] everything =
        [
            new(ChatRole.User, "1") { MessageId = (await Conversation.GetMessagesAsync()).Messages[0].Message.MessageId },
            .. first.Messages,
            User("2"),
        ];
        await Bind(model).GetResponseAsync(everything, Turn("2"));
        ChatResponse again = await Bind(model).GetResponseAsync(everything, Turn("2"));

        Assert.Equal("answer 2", again.Text);
        Assert.Equal(["1", "answer 1", "2", "answer 2"], await LogAsync());
    }

    [Fact]
    public async Task A_run_whose_messages_are_gone_is_not_made_again()
    {
        await Bind(new RunScriptClient()).GetResponseAsync([User("1")], Turn("t"));
        await Conversation.ClearAsync();

        RunNotReplayableException refusal = await Assert.ThrowsAsync<RunNotReplayableException>(() =>
            Bind(new RunScriptClient()).GetResponseAsync([User("1")], Turn("t"))
        );
        Assert.Equal(1, refusal.CommittedVersion);
        Assert.Empty(await LogAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_failed_is_made_anew_under_its_id(bool streaming)
    {
        var model = new RunScriptClient(
            (call, _) => call.Number == 1 ? RunScriptClient.Failing(new InvalidOperationException("no"), "a") : RunScriptClient.Text("b")
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Bind(model), streaming, [User("1")], Turn("t")));
        ChatResponse response = await RunAsync(Bind(model), streaming, [User("1")], Turn("t"));

        Assert.Equal("b", response.Text);
        Assert.Equal(["1", "b"], await LogAsync());
    }

    [Fact]
    public async Task Of_two_runs_at_once_under_one_id_one_is_stored_and_the_other_gets_its_response()
    {
        using var gate = new Gate();
        ConversationChatClient client = Bind(new RunScriptClient((call, _) => Held(gate, call)));
        Task<ChatResponse>[] runs = [client.GetResponseAsync([User("1")], Turn("t")), client.GetResponseAsync([User("1")], Turn("t"))];
        await gate.ArrivalAsync();
        await gate.ArrivalAsync();
        gate.Open();
        ChatResponse[] responses = await Task.WhenAll(runs).WithTimeout();

        string[] log = await LogAsync();
        Assert.Equal(2, log.Length);
        Assert.All(responses, response => Assert.Equal(log[1], response.Text));
    }

    [Fact]
    public async Task Of_two_streams_at_once_under_one_id_one_is_stored_and_the_other_ends_with_a_conflict()
    {
        using var gate = new Gate();
        ConversationChatClient client = Bind(new RunScriptClient((call, _) => Held(gate, call)));
        Task<ChatResponse>[] runs =
        [
            RunAsync(client, streaming: true, [User("1")], Turn("t")),
            RunAsync(client, streaming: true, [User("1")], Turn("t")),
        ];
        await gate.ArrivalAsync();
        await gate.ArrivalAsync();
        gate.Open();
        await runs.SettleAsync();

        Task<ChatResponse> stored = Assert.Single(runs, run => run.IsCompletedSuccessfully);
        Assert.IsType<TurnConflictException>(runs.Single(run => run.IsFaulted).Exception!.InnerException);
        Assert.Equal(["1", (await stored).Text], await LogAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Functions_called_inside_are_stored_in_order_in_one_turn(bool streaming)
    {
        var model = new RunScriptClient(
            (call, _) => call.Messages[^1].Role == ChatRole.Tool ? RunScriptClient.Text("done") : RunScriptClient.ToolCalls("a", "b")
        );
        ConversationChatClient client = Bind(new RunScriptToolLoop(model, Tool));
        ChatResponse response = await RunAsync(client, streaming, [User("1")]);

        Assert.Equal(["1", "+a+b", "-a-b", "done"], await LogAsync());
        Assert.Equal(1, await VersionAsync());
        Assert.Equal(["+a+b", "-a-b", "done"], response.Messages.Select(Short));
        Assert.Equal(2, (await Conversation.GetEntriesAsync(OrleansMemory.Conversations.EntrySpaces.Globals)).Length);
        await RunAsync(client, streaming, [User("2")]);
        Assert.Equal(["1", "+a+b", "-a-b", "done", "2"], Shorts(model.Calls[2]));

        static string Tool(string id)
        {
            ConversationRun.Current!.SetGlobal(id, true);
            return "result";
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Functions_called_outside_make_a_turn_of_each_call_and_nothing_is_stored_twice(bool streaming, bool everything)
    {
        var model = new RunScriptClient(
            (call, _) =>
                call.Number switch
                {
                    1 => RunScriptClient.ToolCalls("a", "b"),
                    2 => RunScriptClient.ToolCalls("c"),
                    _ => RunScriptClient.Text("done"),
                }
        );
        var client = new RunScriptToolLoop(Bind(model), _ => "result") { ResendsEverything = everything };
        ChatResponse response = await RunAsync(client, streaming, [User("1")]);

        Assert.Equal(["1", "+a+b", "-a-b", "+c", "-c", "done"], await LogAsync());
        Assert.Equal(3, await VersionAsync());
        Assert.Equal(["1", "+a+b", "-a-b", "+c", "-c"], Shorts(model.Calls[2]));
        Assert.Equal("done", response.Messages[^1].Text);
        await RunAsync(client, streaming, [User("2")]);
        Assert.Equal(["1", "+a+b", "-a-b", "+c", "-c", "done", "2"], Shorts(model.Calls[3]));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_loop_of_functions_outside_may_be_repeated_from_its_start(bool streaming, bool everything)
    {
        int calls = 0;
        var model = new RunScriptClient(
            (call, _) =>
                Shorts(call).Last() switch
                {
                    "1" => RunScriptClient.ToolCalls("b", "a"),
                    "-b-a" => RunScriptClient.ToolCalls("c"),
                    _ when ++calls == 1 => RunScriptClient.Failing(new InvalidOperationException("no")),
                    _ => RunScriptClient.Text("done"),
                }
        );
        Func<RunScriptToolLoop> loop = () =>
            new RunScriptToolLoop(Bind(model), _ => Guid.NewGuid().ToString()) { ResendsEverything = everything };
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(loop(), streaming, [User("1")], Turn("t")));
        Assert.Equal(2, await VersionAsync());
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("done", (await RunAsync(loop(), streaming, [User("1")], Turn("t"))).Messages[^1].Text);
        }

        Assert.Equal(4, model.Calls.Count);
        Assert.Equal(["1", "+b+a", "-b-a", "+c", "-c", "done"], await LogAsync());
    }

    [Fact]
    public async Task A_call_that_nobody_answered_is_not_sent_again()
    {
        var model = new RunScriptClient((call, _) => call.Number == 1 ? RunScriptClient.ToolCalls("a") : RunScriptClient.Text("ok"));
        await Bind(model).GetResponseAsync([User("1")]);
        await Bind(model).GetResponseAsync([User("never mind")]);

        Assert.Equal(["1", "never mind"], Shorts(model.Calls[1]));
        Assert.Equal(["1", "+a", "never mind", "ok"], await LogAsync());
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Held(Gate gate, RunScriptCall call)
    {
        await gate.PassAsync();
        yield return new ChatResponseUpdate(ChatRole.Assistant, FormattableString.Invariant($"answer {call.Number}"));
    }
}
