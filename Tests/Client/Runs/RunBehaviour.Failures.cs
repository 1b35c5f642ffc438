using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OrleansMemory.Client.Runs;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

public abstract partial class RunBehaviour
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public async Task A_model_that_fails_leaves_nothing(bool streaming, int after)
    {
        var failure = new InvalidOperationException("no");
        var model = new RunScriptClient((_, _) => Stage(RunScriptClient.Failing(failure, [.. Enumerable.Repeat("part", after)])));

        Assert.Same(failure, await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Bind(model), streaming, [User("1")])));
        Assert.Null(await Conversation.GetSnapshotAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_stream_that_is_not_read_to_its_end_leaves_nothing(int read)
    {
        ConversationChatClient client = Bind(new RunScriptClient((_, _) => Stage(RunScriptClient.Text("a", "b"))));
        IAsyncEnumerator<ChatResponseUpdate> stream = client.GetStreamingResponseAsync([User("1")]).GetAsyncEnumerator();
        for (int i = 0; i < read; i++)
        {
            Assert.True(await stream.MoveNextAsync());
        }

        await stream.DisposeAsync();
        Assert.Null(await Conversation.GetSnapshotAsync());
    }

    [Fact]
    public async Task Updates_come_as_the_model_gives_them_and_the_turn_is_durable_when_the_end_is_told()
    {
        using var gate = new Gate();
        ConversationChatClient client = Bind(new RunScriptClient((_, _) => Held()));
        await using IAsyncEnumerator<ChatResponseUpdate> stream = client.GetStreamingResponseAsync([User("1")]).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal(("a", _id), (stream.Current.Text, stream.Current.ConversationId));
        ValueTask<bool> second = stream.MoveNextAsync();
        await gate.ArrivalAsync();
        Assert.False(second.IsCompleted);
        Assert.Empty(await LogAsync());
        gate.Open();
        Assert.True(await second);
        Assert.Empty(await LogAsync());
        Assert.False(await stream.MoveNextAsync());
        Assert.Equal(["1", "ab"], await LogAsync());

        async IAsyncEnumerable<ChatResponseUpdate> Held()
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, "a");
            await gate.PassAsync();
            yield return new ChatResponseUpdate(ChatRole.Assistant, "b");
        }
    }

    [Theory]
    [InlineData(StoredOnFailure.Input, "1")]
    [InlineData(StoredOnFailure.InputAndPartialResponse, "1 ab")]
    public async Task What_is_left_of_a_broken_stream_is_stored_where_the_options_ask_for_it(StoredOnFailure stored, string expected)
    {
        using var cancellation = new CancellationTokenSource();
        ConversationChatClient client = Bind(
            new RunScriptClient(
                (call, _) =>
                    Stage(
                        call.Number == 1
                            ? RunScriptClient.Failing(new InvalidOperationException("no"), "a", "b")
                            : RunScriptClient.Text("a", "b", "c")
                    )
            ),
            options => options.StoredOnFailure = stored
        );

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(client, streaming: true, [User("1")]));
        Assert.Equal(expected, string.Join(' ', await LogAsync()));
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([User("1")]))
        {
            if (update.Text == "b")
            {
                break;
            }
        }

        Assert.Equal($"{expected} {expected}", string.Join(' ', await LogAsync()));
        Assert.Empty(await Conversation.GetEntriesAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_that_gives_up_before_the_commit_leaves_nothing_and_no_log_line(bool streaming)
    {
        using var cancellation = new CancellationTokenSource();
        using var lines = new LogLines();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(lines));
        var model = new RunScriptClient((_, token) => Cancel(token));
        ConversationChatClient client = model.WithConversation(Client, options => options.ConversationId = _id, loggers);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            streaming
                ? client.GetStreamingResponseAsync([User("1")], cancellationToken: cancellation.Token).ToChatResponseAsync()
                : client.GetResponseAsync([User("1")], cancellationToken: cancellation.Token)
        );

        Assert.Null(await Conversation.GetHeadAsync());
        Assert.Empty(lines.Lines);

        async IAsyncEnumerable<ChatResponseUpdate> Cancel([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, "a");
            await cancellation.CancelAsync();
            _ = token;
            yield return new ChatResponseUpdate(ChatRole.Assistant, "the model did not notice");
        }
    }

    [Fact]
    public async Task Input_that_cannot_be_stored_is_refused_before_the_model_is_asked()
    {
        var model = new RunScriptClient();

        await Assert.ThrowsAsync<OrleansMemory.Errors.InvalidRequestException>(() =>
            Bind(model).GetResponseAsync([new ChatMessage(ChatRole.User, [new UnknownContent()])])
        );
        Assert.Empty(model.Calls);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Stage(IAsyncEnumerable<ChatResponseUpdate> updates)
    {
        ConversationRun.Current!.SetGlobal("staged", true);
        await foreach (ChatResponseUpdate update in updates)
        {
            yield return update;
        }
    }

    private sealed class UnknownContent : AIContent;
}
