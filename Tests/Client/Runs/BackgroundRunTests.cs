using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>
/// Answers that a service makes in the background: polls go through, and the turn is committed once, when the token is gone.
/// </summary>
public sealed class BackgroundRunTests(SharedHosts hosts) : IAsyncLifetime
{
    private ConversationClient _client = null!;

    private Conversation Conversation => _client.Get("c");

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_poll_goes_through_and_the_turn_is_committed_when_the_token_is_gone(bool named)
    {
        await Conversation.AppendAsync(new ChatMessage(ChatRole.User, "0"));
        var model = new BackgroundModel { Polls = 2 };
        ChatOptions options = Options(named);
        ChatResponse response = await Bind(model).GetResponseAsync("1", options);
        Assert.NotNull(response.ContinuationToken);
        Assert.Equal("c", response.ConversationId);
        for (int polls = 0; response.ContinuationToken is { } token; polls++)
        {
            Assert.Equal(["0"], await LogAsync());
            Assert.InRange(polls, 0, 2);
            options.ContinuationToken = token;

            // Each poll may come through another client of the process.
            response = await Bind(model).GetResponseAsync([], options);
            Assert.Same(token, model.Calls[^1].Options!.ContinuationToken);
            Assert.Empty(model.Calls[^1].Messages);
            Assert.Null(model.Calls[^1].Options!.ConversationId);
        }

        Assert.Equal("whole answer", response.Text);
        Assert.Equal(["0", "1", "whole answer"], await LogAsync());
        Assert.Equal(["0", "1"], model.Calls[0].Messages.Select(message => message.Text));

        // The last token again.
        Assert.Equal("whole answer", (await Bind(model).GetResponseAsync([], options)).Text);
        Assert.Equal(["0", "1", "whole answer"], await LogAsync());
        Assert.Equal(2, (await Conversation.GetHeadAsync())!.Version);
        Assert.Equal(named, await Conversation.GetTurnAsync("t") is not null);
    }

    [Fact]
    public async Task Two_polls_at_once_commit_once()
    {
        var model = new BackgroundModel { Polls = 0 };
        ChatOptions options = Options(named: false);
        options.ContinuationToken = (await Bind(model).GetResponseAsync("1", options)).ContinuationToken;
        ChatResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Bind(model).GetResponseAsync([], options)));

        Assert.Equal(["1", "whole answer"], await LogAsync());
        Assert.Single(responses.Select(response => response.Messages[0].MessageId).Distinct());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_poll_of_another_process_commits_what_it_brings_once(bool named)
    {
        var model = new BackgroundModel { Polls = 0 };
        ChatOptions options = Options(named);
        options.ContinuationToken = (await Bind(model).GetResponseAsync("1", options)).ContinuationToken;
        string tenant = Conversation.Key.Tenant;
        GrainHost host = await hosts.InMemoryAsync();
        for (int i = 0; i < 2; i++)
        {
            ConversationClient other = Clients.OfTenant(host, tenant);
            ConversationChatClient client = model.WithConversation(other, o => o.ConversationId = "c");
            ChatResponse response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, "1")], options);
            Assert.Equal("whole answer", response.Text);
        }

        // The process that began it finds it committed.
        Assert.Equal("whole answer", (await Bind(model).GetResponseAsync([], options)).Text);
        Assert.Equal(["1", "whole answer"], await LogAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_stream_that_was_broken_off_goes_on_and_is_committed_whole(int read)
    {
        var model = new BackgroundModel();
        ChatOptions options = Options(named: false);
        List<ChatResponseUpdate> updates = [];
        await foreach (
            ChatResponseUpdate update in Bind(model, StoredOnFailure.InputAndPartialResponse).GetStreamingResponseAsync("1", options)
        )
        {
            updates.Add(update);
            if (updates.Count > read)
            {
                break;
            }
        }

        Assert.Empty(await LogAsync());
        options.ContinuationToken = updates[^1].ContinuationToken;
        Assert.NotNull(options.ContinuationToken);
        await foreach (ChatResponseUpdate update in Bind(model).GetStreamingResponseAsync([], options))
        {
            updates.Add(update);
        }

        Assert.Same(options.ContinuationToken, model.Calls[^1].Options!.ContinuationToken);
        ChatResponse whole = updates.ToChatResponse();
        Assert.Equal("a b c d", whole.Text);
        ConversationMessage[] log = [.. (await Conversation.GetMessagesAsync()).Messages];
        Assert.Equal(["1", "a b c d"], log.Select(message => message.Message.Text));
        Assert.Equal(whole.Messages[0].MessageId, log[1].Message.MessageId);
    }

    [Fact]
    public async Task A_poll_that_fails_leaves_the_run_open()
    {
        var model = new BackgroundModel { Polls = 0 };
        ChatOptions options = Options(named: false);
        options.ContinuationToken = (await Bind(model, StoredOnFailure.Input).GetResponseAsync("1", options)).ContinuationToken;
        model.Failure = new InvalidOperationException("no");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Bind(model).GetResponseAsync([], options));
        Assert.Empty(await LogAsync());
        model.Failure = null;
        await Bind(model).GetResponseAsync([], options);
        Assert.Equal(["1", "whole answer"], await LogAsync());
    }

    private ConversationChatClient Bind(IChatClient model, StoredOnFailure stored = StoredOnFailure.Nothing) =>
        model.WithConversation(_client, options => (options.ConversationId, options.StoredOnFailure) = ("c", stored));

    private static ChatOptions Options(bool named) =>
        new()
        {
            AllowBackgroundResponses = true,
            AdditionalProperties = named ? new() { [ConversationChatClient.TurnIdProperty] = "t" } : null,
        };

    private async Task<string[]> LogAsync() =>
        await Conversation.GetHeadAsync() is null
            ? []
            : [.. (await Conversation.GetMessagesAsync()).Messages.Select(message => message.Message.Text)];

    /// <summary>A service that answers in the background.</summary>
    private sealed class BackgroundModel : IChatClient
    {
        private static readonly string[] Pieces = ["a ", "b ", "c ", "d"];

        private readonly List<RunScriptCall> _calls = [];

        public int Polls { get; set; }

        public Exception? Failure { get; set; }

        public List<RunScriptCall> Calls => _calls;

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            Note(messages, options);
            if (Failure is { } failure)
            {
                throw failure;
            }

            if (options?.ContinuationToken is null)
            {
                return Task.FromResult(new ChatResponse([]) { ContinuationToken = Token(0) });
            }

            int seen = options.ContinuationToken.ToBytes().Span[0];
            return Task.FromResult(
                seen < Polls
                    ? new ChatResponse([]) { ContinuationToken = Token(seen + 1) }
                    : new ChatResponse(new ChatMessage(ChatRole.Assistant, "whole answer"))
            );
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            Note(messages, options);
            int from = options?.ContinuationToken is { } token ? token.ToBytes().Span[0] : 0;
            for (int i = from; i < Pieces.Length; i++)
            {
                await Task.Yield();
                ResponseContinuationToken? next = i == Pieces.Length - 1 ? null : Token(i + 1);
                yield return new ChatResponseUpdate(ChatRole.Assistant, Pieces[i]) { MessageId = "m", ContinuationToken = next };
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }

        private static ResponseContinuationToken Token(int number) => ResponseContinuationToken.FromBytes(new byte[] { (byte)number, 42 });

        private void Note(IEnumerable<ChatMessage> messages, ChatOptions? options)
        {
            lock (_calls)
            {
                _calls.Add(new RunScriptCall(_calls.Count + 1, [.. messages], options));
            }
        }
    }
}
