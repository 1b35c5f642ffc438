using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Windows;

/// <summary>The window of a stored log is the one that the whole log would give, and only a part of the log is read for it.</summary>
public abstract class WindowLoadingBehaviour : IAsyncLifetime
{
    protected GrainHost Host { get; private set; } = null!;

    private ConversationClient Client { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await StartHostAsync();
        Client = Clients.OfNewTenant(Host);
    }

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected abstract Task<GrainHost> StartHostAsync();

    [Fact]
    public async Task A_stored_window_is_the_one_of_the_whole_log()
    {
        foreach (int seed in Generated.Seeds(6))
        {
            Conversation conversation = Client.Get(Guid.NewGuid().ToString("N"));
            List<ChatMessage> history = GeneratedHistory.Make(seed, most: 700);
            foreach (ChatMessage[] turn in history.Chunk(100))
            {
                await conversation.AppendAsync(turn);
            }

            foreach (int tokens in (int[])[500, 5_000, 20_000, 1_000_000])
            {
                await CompareAsync(seed, conversation, history, new ConversationWindowOptions { MaxTokens = tokens });
            }

            await CompareAsync(seed, conversation, history, new ConversationWindowOptions { MaxTokens = null, MaxMessages = 90 });
        }
    }

    [Fact]
    public async Task The_window_of_a_conversation_that_is_not_there_is_empty()
    {
        Assert.Empty(await Client.Get("missing").GetWindowAsync(new ConversationWindow()));
        Assert.Empty(await Client.Get("missing").GetWindowAsync(new ConversationWindow(), [new ChatMessage(ChatRole.User, "hi")]));
    }

    [Fact]
    public async Task A_window_decides_with_the_new_input()
    {
        Conversation conversation = Client.Get(Guid.NewGuid().ToString("N"));
        await conversation.AppendAsync([
            new(ChatRole.User, "weather?"),
            new(ChatRole.Assistant, [new TextContent("let me see"), new FunctionCallContent("c", "weather")]),
            new(ChatRole.User, "are you there?"),
        ]);
        ChatMessage result = new(ChatRole.Tool, [new FunctionResultContent("c", "rain")]);

        Assert.Equal([1L, 2L, 3L], (await conversation.GetWindowAsync(new ConversationWindow())).Select(message => message.Sequence));
        IReadOnlyList<ConversationMessage> window = await conversation.GetWindowAsync(new ConversationWindow(), [result]);
        Assert.Equal([1L, 3L, 2L], window.Select(message => message.Sequence));
        ProviderRules.Demand([.. window.Select(message => message.Message), result]);
    }

    [Fact]
    public async Task A_window_does_not_depend_on_the_size_of_the_pages_it_is_read_in()
    {
        foreach (int seed in Generated.Seeds(6))
        {
            Conversation conversation = Client.Get(Guid.NewGuid().ToString("N"));
            (List<ChatMessage> history, List<ChatMessage> input) = GeneratedHistory.MakeWithInput(seed, most: 90);
            if (history.Count == 0)
            {
                continue;
            }

            await conversation.AppendAsync(history);
            foreach (int tokens in (int[])[300, 2_000, 100_000])
            {
                await ComparePagesAsync(seed, conversation, history, input, tokens);
            }
        }
    }

    [Fact]
    public async Task System_messages_far_back_are_found()
    {
        Conversation conversation = Client.Get(Guid.NewGuid().ToString("N"));
        await conversation.AppendAsync(new ChatMessage(ChatRole.System, "rules"));
        for (int i = 0; i < 3; i++)
        {
            await conversation.AppendAsync(Enumerable.Range(0, 500).Select(n => new ChatMessage(ChatRole.User, $"{i} {n}")));
        }

        IReadOnlyList<ConversationMessage> window = await conversation.GetWindowAsync(
            new ConversationWindow(new ConversationWindowOptions { MaxMessages = 3 })
        );
        Assert.Equal([1L, 1_500L, 1_501L], window.Select(message => message.Sequence));
    }

    private static async Task CompareAsync(
        int seed,
        Conversation conversation,
        List<ChatMessage> history,
        ConversationWindowOptions options
    )
    {
        var window = new ConversationWindow(options);
        List<string>? expected = null;
        try
        {
            expected = [.. window.Reduce(history).Select(Describe)];
            if (history.Count > 0)
            {
                IReadOnlyList<ConversationMessage> loaded = await conversation.GetWindowAsync(window);
                Assert.True(
                    expected.SequenceEqual(loaded.Select(message => Describe(message.Message))),
                    $"seed {seed}, {options.MaxTokens} tokens, {options.MaxMessages} messages"
                );
            }
        }
        catch (WindowTooSmallException)
        {
            Assert.Null(expected);
            await Assert.ThrowsAsync<WindowTooSmallException>(() => conversation.GetWindowAsync(window));
        }
    }

    private static async Task ComparePagesAsync(
        int seed,
        Conversation conversation,
        List<ChatMessage> history,
        List<ChatMessage> input,
        int tokens
    )
    {
        Head head = (await conversation.GetHeadAsync())!;
        var window = new ConversationWindow(new ConversationWindowOptions { MaxTokens = tokens });
        AskedMessages expected;
        try
        {
            expected = window.Ask(history, input);
        }
        catch (WindowTooSmallException)
        {
            return;
        }

        MessagePage? page = null;
        foreach (int size in (int[])[1_000, 1, 7, 40])
        {
            var loading = new WindowLoading(conversation, window, head, size);
            await loading.BeginAsync(CancellationToken.None);
            LoadedWindow loaded = await loading.DecideAsync(input, reserved: default, CancellationToken.None);
            string where = $"seed {seed}, {tokens} tokens, pages of {size}";
            Assert.True(
                expected.History.Select(Describe).SequenceEqual(loaded.Messages.Select(message => Describe(message.Message))),
                where
            );
            Assert.True(expected.Asked.Select(Describe).SequenceEqual(loaded.Asked.Select(Describe)), where);

            MessagePage other = await new TokenPage(conversation, tokens, limit: 50, size).ReadAsync(
                MessageOrder.Ascending,
                CancellationToken.None
            );
            page ??= other;
            Assert.True(page.Next == other.Next && page.Messages.SequenceEqual(other.Messages), where);
        }

        ChatMessage[] messages =
        [
            .. page!.Messages.Select(ChatMessageFormat.Default.ToChatMessage),
            new ChatMessage(ChatRole.User, "next"),
        ];
        ProviderRules.Demand(messages);
        Assert.True(messages.Length <= 51 && messages[..^1].Sum(message => MessageMeasure.Of(message, TokenEstimate.Of).Tokens) <= tokens);
    }

    private static string Describe(ChatMessage message) => message.MessageId + ProviderRules.Short(message);
}

public sealed class PostgresWindowLoadingTests(SharedHosts hosts) : WindowLoadingBehaviour
{
    protected override Task<GrainHost> StartHostAsync() => hosts.OnPostgresAsync();
}

/// <summary>On a store that counts what is read: a host of each test's own.</summary>
public sealed class InMemoryWindowLoadingTests : WindowLoadingBehaviour
{
    private readonly WatchedStore _store = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));

    [Fact]
    public async Task A_window_of_a_hundred_thousand_messages_reads_a_few_pages()
    {
        Conversation conversation = Clients.Of(Host).Get("long");
        for (int turn = 0; turn < 100; turn++)
        {
            await conversation.AppendAsync(
                Enumerable.Range(0, 1_000).Select(n => new ChatMessage(n == 0 ? ChatRole.System : ChatRole.User, "four"))
            );
        }

        var window = new ConversationWindow(new ConversationWindowOptions { MaxMessages = 600 });
        int reads = _store.Reads;
        IReadOnlyList<ConversationMessage> messages = await conversation.GetWindowAsync(window);

        Assert.Equal((600, 100), (messages.Count, messages.Count(message => message.Message.Role == ChatRole.System)));
        Assert.InRange(_store.Reads - reads, 1, 4);
    }

    [Fact]
    public async Task Where_nobody_has_asked_anything_the_search_for_a_question_ends()
    {
        Conversation conversation = Clients.Of(Host).Get("monologue");
        for (int turn = 0; turn < 30; turn++)
        {
            await conversation.AppendAsync(Enumerable.Range(0, 1_000).Select(_ => new ChatMessage(ChatRole.Assistant, "four")));
        }

        int reads = _store.Reads;
        IReadOnlyList<ConversationMessage> messages = await conversation.GetWindowAsync(
            new ConversationWindow(new ConversationWindowOptions { MaxMessages = 20 })
        );

        Assert.Equal(20, messages.Count);
        Assert.InRange(_store.Reads - reads, 1, 6);
    }

    public override async ValueTask DisposeAsync() => await Host.DisposeAsync();

    protected override Task<GrainHost> StartHostAsync() =>
        GrainHost.StartAsync(silo =>
        {
            silo.Services.AddSingleton<IConversationStore>(_store).AddSingleton<IFactStore, InMemoryFactStore>().AddUncounted();
            silo.AddOrleansMemory().UseInMemoryReminderService();
        });
}
