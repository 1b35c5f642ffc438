using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>What is stored of a run that fails or is given up, at whatever point that happens.</summary>
public sealed class LateFailureTests(WatchedHost watched) : IClassFixture<WatchedHost>, IDisposable
{
    private readonly WatchedStore _store = watched.Store;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly ConversationClient _client = Clients.OfNewTenant(watched.Host);

    private Conversation Conversation => _client.Get("c");

    public void Dispose()
    {
        _store.BeforeCommit = _ => Task.CompletedTask;
        _cancellation.Dispose();
    }

    [Theory]
    [InlineData(0, "1", "1")]
    [InlineData(1, "1", "1 a")]
    [InlineData(2, "1", "1 ab")]
    [InlineData(3, "1", "1 ab")]
    public async Task Cancelled_behind_any_update_what_the_options_ask_for_is_stored_and_shown(int updates, string input, string withAnswer)
    {
        (StoredOnFailure, string)[] cases =
        [
            (StoredOnFailure.Nothing, ""),
            (StoredOnFailure.Input, input),
            (StoredOnFailure.InputAndPartialResponse, withAnswer),
        ];
        foreach ((StoredOnFailure stored, string expected) in cases)
        {
            using var cancellation = new CancellationTokenSource();
            Conversation conversation = _client.Get($"{stored}");
            int given = 0;
            var model = new StrictChatClient(_ => StrictAnswer.Text("a", "b"));
            ConversationChatClient client = Bind(model, stored);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                if (updates == 0)
                {
                    // The model is asked, and the caller gives up while it thinks.
                    client = Bind(new StrictChatClient { BeforeUpdate = _ => cancellation.CancelAsync() }, stored);
                }

                await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("1", Options(stored), cancellation.Token))
                {
                    if (++given == updates)
                    {
                        await cancellation.CancelAsync();
                    }
                }
            });

            Assert.Equal(expected, await LogAsync(conversation));
            StrictChatClient next = new();
            await Bind(next, stored).GetResponseAsync("2", Options(stored));
            Assert.Equal($"{expected} 2".Trim(), string.Join(' ', next.Calls[0].Messages.Select(message => message.Text)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Given_up_while_the_turn_is_on_its_way_the_turn_counts_and_is_not_doubled(bool streaming)
    {
        _store.BeforeCommit = async commit =>
        {
            if (commit.TurnId == "t")
            {
                await _cancellation.CancelAsync();
                await Task.Yield();
            }
        };
        ConversationChatClient client = Bind(new StrictChatClient(), StoredOnFailure.InputAndPartialResponse);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(client, streaming, "1", _cancellation.Token));

        Assert.Equal("1 answer 1", await LogAsync(Conversation));
        Assert.NotNull(await Conversation.GetTurnAsync("t"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_that_is_refused_leaves_input_and_answer(bool streaming)
    {
        _store.BeforeCommit = commit => commit.TurnId == "t" ? throw new InvalidOperationException("no") : Task.CompletedTask;
        var model = new RunScriptClient(_ =>
        {
            ConversationRun.Current!.SetEntry("s", "k", "1");
            return "a";
        });
        ConversationChatClient client = Bind(model, StoredOnFailure.InputAndPartialResponse);

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(client, streaming, "1", CancellationToken.None));
        Assert.Equal("1 a", await LogAsync(Conversation));
        Assert.Empty(await Conversation.GetEntriesAsync());
    }

    [Fact]
    public async Task A_run_that_fails_again_under_its_id_leaves_what_came_each_time_and_a_call_without_a_result_is_left_out()
    {
        string longest = new('t', RunTurnId.MaxBytes);
        foreach (string turnId in new[] { "t", longest })
        {
            string id = turnId[..1] + turnId.Length;
            var failure = new InvalidOperationException("no");
            var model = new StrictChatClient(call =>
                StrictAnswer.Calls("f", $"c{call.Number}").Behind($"part {call.Number}") with
                {
                    Failure = failure,
                }
            );
            ConversationChatClient client = Bind(model, StoredOnFailure.InputAndPartialResponse);
            var options = new ChatOptions
            {
                ConversationId = id,
                AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = turnId },
            };
            for (int i = 0; i < 3; i++)
            {
                await Assert.ThrowsAsync<InvalidOperationException>(() =>
                    client.GetStreamingResponseAsync("1", options).ToChatResponseAsync()
                );
            }

            Assert.Equal("1 part 1 1 part 2 1 part 3", await LogAsync(_client.Get(id)));
        }
    }

    [Fact]
    public async Task A_run_that_lost_leaves_nothing()
    {
        await Conversation.AppendAsync(new ChatMessage(ChatRole.User, "0"));
        var model = new StrictChatClient
        {
            BeforeUpdate = token => Conversation.AppendAsync(new ChatMessage(ChatRole.User, "between"), cancellationToken: token),
        };
        ConversationChatClient client = model.WithConversation(
            _client,
            options =>
                (options.ConversationId, options.RequireUnchangedLog, options.StoredOnFailure) = (
                    "c",
                    true,
                    StoredOnFailure.InputAndPartialResponse
                )
        );

        await Assert.ThrowsAsync<VersionConflictException>(() => client.GetResponseAsync("1"));
        Assert.Equal("0 between", await LogAsync(Conversation));
    }

    private ConversationChatClient Bind(IChatClient model, StoredOnFailure stored) =>
        model.WithConversation(_client, options => (options.ConversationId, options.StoredOnFailure) = ("c", stored));

    private static ChatOptions Options(StoredOnFailure stored) => new() { ConversationId = $"{stored}" };

    private static Task<ChatResponse> RunAsync(
        ConversationChatClient client,
        bool streaming,
        string text,
        CancellationToken cancellationToken
    )
    {
        var options = new ChatOptions { AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = "t" } };
        return streaming
            ? client.GetStreamingResponseAsync(text, options, cancellationToken).ToChatResponseAsync(CancellationToken.None)
            : client.GetResponseAsync(text, options, cancellationToken);
    }

    private static async Task<string> LogAsync(Conversation conversation) =>
        await conversation.GetHeadAsync() is null
            ? ""
            : string.Join(' ', (await conversation.GetMessagesAsync()).Messages.Select(message => message.Message.Text));
}
