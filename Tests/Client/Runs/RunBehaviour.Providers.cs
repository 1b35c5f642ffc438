using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Runs;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

public abstract partial class RunBehaviour
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_is_asked_in_order_and_what_it_adds_is_sent_and_not_stored(bool streaming)
    {
        var tools = new AITool[] { new HostedCodeInterpreterTool(), new HostedWebSearchTool() };
        NotingProvider provider = new() { Context = new Context { Instructions = "remember", Messages = [User("a memory")], Tools = [tools[1]] } };
        provider.Durable = async () => (await Conversation.GetHeadAsync())!.LastSequence;
        var model = new RunScriptClient(_ =>
        {
            provider.Notes.Add("model");
            return "answer";
        });
        ConversationChatClient client = Bind(model, options => options.ContextProvider = provider);
        await RunAsync(client, streaming, [User("1")], new ChatOptions { Instructions = "be brief", Tools = [tools[0]] });
        await RunAsync(client, streaming, [User("2")]);

        Assert.Equal(
            [
                $"created {_id}", "invoking 1", "model", "invoked 1 / answer / ", "invoking 2", "model", "invoked 2 / answer / ",
            ],
            provider.Notes);
        Assert.Equal("be brief\nremember", model.Calls[0].Options!.Instructions);
        Assert.Equal(tools, model.Calls[0].Options!.Tools);
        Assert.Equal(["1", "answer", "a memory", "2"], model.Calls[1].Texts);
        Assert.Equal("remember", model.Calls[1].Options!.Instructions);
        Assert.Equal(["1", "answer", "2", "answer"], await LogAsync());
        Assert.Equal([0L, 2L], provider.StoredAtInvoking);
        Assert.Equal([2L, 4L], provider.StoredAtInvoked);
        Assert.Equal("true", (await Conversation.GetEntryAsync(OrleansMemory.Conversations.EntrySpaces.Globals, "asked"))!.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_that_throws_fails_the_run_before_the_model(bool streaming)
    {
        var provider = new NotingProvider { InvokingFailure = new InvalidOperationException("no") };
        var model = new RunScriptClient();

        Assert.Same(
            provider.InvokingFailure,
            await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Bind(model, options => options.ContextProvider = provider), streaming, [User("1")])));
        Assert.Empty(model.Calls);
        Assert.Empty(await LogAsync());
        Assert.Equal([$"created {_id}", "invoking 1", "invoked 1 / - / no"], provider.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_is_told_of_a_model_that_failed(bool streaming)
    {
        var provider = new NotingProvider();
        var model = new RunScriptClient((_, _) => RunScriptClient.Failing(new InvalidOperationException("no"), "a"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(Bind(model, options => options.ContextProvider = provider), streaming, [User("1")]));
        Assert.Equal([$"created {_id}", "invoking 1", "invoked 1 / - / no"], provider.Notes);
    }

    [Fact]
    public async Task A_provider_is_told_of_a_stream_that_was_given_up()
    {
        var provider = new NotingProvider();
        await foreach (ChatResponseUpdate update in Bind(new RunScriptClient(), options => options.ContextProvider = provider).GetStreamingResponseAsync([User("1")]))
        {
            break;
        }

        Assert.Equal("invoked 1 / - / The stream was not read to its end.", provider.Notes[^1]);
    }

    [Fact]
    public async Task A_provider_that_throws_afterwards_takes_nothing_back_and_its_words_are_not_logged()
    {
        using var lines = new LogLines();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(lines));
        var provider = new NotingProvider { InvokedFailure = new InvalidOperationException("secret") };
        ConversationChatClient client = new RunScriptClient().WithConversation(
            Client,
            options =>
            {
                options.ConversationId = _id;
                options.ContextProvider = provider;
            },
            loggers);

        Assert.Equal("answer 1", (await client.GetResponseAsync([User("1")])).Text);
        Assert.Equal(2, (await LogAsync()).Length);
        Assert.Contains("InvalidOperationException", Assert.Single(lines.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", lines.Lines.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_comes_again_asks_no_provider()
    {
        await Bind(new RunScriptClient()).GetResponseAsync([User("1")], Turn("t"));
        var provider = new NotingProvider();
        await Bind(new RunScriptClient(), options => options.ContextProvider = provider).GetResponseAsync([User("1")], Turn("t"));
        Assert.Empty(provider.Notes);
    }

    private sealed class NotingProvider : ContextProvider
    {
        private ConversationRun? _run;

        public Context Context { get; init; } = Context.Empty;

        public Exception? InvokingFailure { get; init; }

        public Exception? InvokedFailure { get; init; }

        public List<string> Notes { get; } = [];

        public List<long> StoredAtInvoking { get; } = [];

        public List<long> StoredAtInvoked { get; } = [];

        /// <summary>Reads how much is stored.</summary>
        public Func<Task<long>>? Durable { get; set; }

        public override ValueTask ThreadCreatedAsync(string? threadId, CancellationToken cancellationToken = default)
        {
            Notes.Add($"created {threadId}");
            return ValueTask.CompletedTask;
        }

        public override async ValueTask<Context> InvokingAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken = default)
        {
            Notes.Add("invoking " + string.Join(' ', messages.Select(message => message.Text)));
            if (InvokingFailure is { } failure)
            {
                throw failure;
            }

            ConversationRun.Current!.SetGlobal("asked", true);
            StoredAtInvoking.Add((await ConversationRun.Current.GetSnapshotAsync(cancellationToken))?.Head.LastSequence ?? 0);
            _run = ConversationRun.Current;
            return Context;
        }

        public override async ValueTask InvokedAsync(
            IReadOnlyList<ChatMessage> requestMessages, IReadOnlyList<ChatMessage>? responseMessages, Exception? invokeException, CancellationToken cancellationToken = default)
        {
            string response = responseMessages is null ? "-" : string.Join(' ', responseMessages.Select(message => message.Text));
            Notes.Add($"invoked {string.Join(' ', requestMessages.Select(message => message.Text))} / {response} / {invokeException?.Message}");
            if (InvokedFailure is { } failure)
            {
                throw failure;
            }

            Assert.Same(_run, InvokingFailure is null ? ConversationRun.Current : _run);
            if (invokeException is null && Durable is { } durable)
            {
                StoredAtInvoked.Add(await durable());
            }
        }
    }
}
