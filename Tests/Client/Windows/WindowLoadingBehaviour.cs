using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Windows;
using OrleansMemory.Errors;
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
        for (int seed = 0; seed < 25; seed++)
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
    public async Task Of_a_conversation_that_is_not_there_is_no_window() =>
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => Client.Get("missing").GetWindowAsync(new ConversationWindow()));

    [Fact]
    public async Task System_messages_far_back_are_found()
    {
        Conversation conversation = Client.Get(Guid.NewGuid().ToString("N"));
        await conversation.AppendAsync(new ChatMessage(ChatRole.System, "rules"));
        for (int i = 0; i < 3; i++)
        {
            await conversation.AppendAsync(Enumerable.Range(0, 500).Select(n => new ChatMessage(ChatRole.User, $"{i} {n}")));
        }

        IReadOnlyList<ConversationMessage> window = await conversation.GetWindowAsync(new ConversationWindow(new ConversationWindowOptions { MaxMessages = 3 }));
        Assert.Equal([1L, 1_500L, 1_501L], window.Select(message => message.Sequence));
    }

    private static async Task CompareAsync(int seed, Conversation conversation, List<ChatMessage> history, ConversationWindowOptions options)
    {
        var window = new ConversationWindow(options);
        List<string?>? expected = null;
        try
        {
            expected = [.. window.Reduce(history).Select(message => message.MessageId)];
            if (history.Count > 0)
            {
                IReadOnlyList<ConversationMessage> loaded = await conversation.GetWindowAsync(window);
                Assert.True(expected.SequenceEqual(loaded.Select(message => message.Message.MessageId)), $"seed {seed}, {options.MaxTokens} tokens, {options.MaxMessages} messages");
            }
        }
        catch (WindowTooSmallException)
        {
            Assert.Null(expected);
            await Assert.ThrowsAsync<WindowTooSmallException>(() => conversation.GetWindowAsync(window));
        }
    }
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
            await conversation.AppendAsync(Enumerable.Range(0, 1_000).Select(n => new ChatMessage(n == 0 ? ChatRole.System : ChatRole.User, "four")));
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
        IReadOnlyList<ConversationMessage> messages = await conversation.GetWindowAsync(new ConversationWindow(new ConversationWindowOptions { MaxMessages = 20 }));

        Assert.Equal(20, messages.Count);
        Assert.InRange(_store.Reads - reads, 1, 6);
    }

    public override async ValueTask DisposeAsync() => await Host.DisposeAsync();

    protected override Task<GrainHost> StartHostAsync() => GrainHost.StartAsync(silo =>
    {
        silo.Services.AddSingleton<IConversationStore>(_store).AddSingleton<IFactStore, InMemoryFactStore>();
        silo.AddOrleansMemory().UseInMemoryReminderService();
    });
}
