using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_feed_gives_what_is_there_and_then_what_comes(bool pages)
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 730);
        await using FeedReader reader = await FeedReader.OpenAsync(conversation, FeedPosition.Start, pages);
        DateTimeOffset life = (await conversation.GetHeadAsync())!.CreatedAt;
        for (int i = 1; i <= 730; i++)
        {
            ConversationEvent next = await reader.NextAsync();
            Assert.Equal((ConversationEventKind.Message, new FeedPosition(i, life)), (next.Kind, next.Position));
            Assert.Equal(Messages.Text($"message {i}"), next.Message!.Contents);
        }

        await conversation.CommitAsync(Messages.Turn("live", Messages.User("a"), Messages.User("b")));
        await conversation.CommitAsync(Messages.Turn("live 2", Messages.User("c")));
        Assert.Equal("731 732 733", await reader.NextAsync(3));
    }

    [Fact]
    public async Task Messages_that_are_there_together_come_together_where_that_is_asked_for()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 250);
        await conversation.TruncateAsync("t", 240);
        DateTimeOffset life = (await conversation.GetHeadAsync())!.CreatedAt;
        IAsyncEnumerator<ConversationEvent>[] readers =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(_ => conversation.WatchAsync(new WatchRequest { After = new FeedPosition(20), Pages = true }).GetAsyncEnumerator()),
        ];
        foreach (IAsyncEnumerator<ConversationEvent> reader in readers)
        {
            var pages = new List<ConversationEvent>();
            while (pages.Count == 0 || pages[^1].Position.Sequence < 250)
            {
                Assert.True(await reader.MoveNextAsync().WithTimeout());
                pages.Add(reader.Current);
            }

            Assert.Equal([ConversationEventKind.Opened, ConversationEventKind.Truncated], pages.Take(2).Select(page => page.Kind));
            Assert.All(
                pages.Skip(2),
                page =>
                    Assert.Equal(
                        (ConversationEventKind.Messages, new FeedPosition(page.Messages[^1].Sequence, life)),
                        (page.Kind, page.Position)
                    )
            );
            Assert.Equal(
                Enumerable.Range(21, 230).Select(i => $"{i} {Messages.Text($"message {i}")}"),
                pages.SelectMany(page => page.Messages).Select(message => $"{message.Sequence} {message.Contents}")
            );
            Assert.InRange(pages.Count, 3, 20);
        }

        foreach (IAsyncEnumerator<ConversationEvent> reader in readers)
        {
            await reader.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_feed_without_a_position_gives_only_what_comes()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 5);
        await conversation.TruncateAsync("t", 2);
        await using FeedReader reader = await FeedReader.OpenAsync(conversation, null);
        await conversation.CommitAsync(Messages.Turn("live", Messages.User("a")));
        Assert.Equal("6", await reader.NextAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_feed_goes_on_behind_a_position_and_repeats_nothing(bool pages)
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 10);
        FeedPosition kept;
        await using (FeedReader reader = await FeedReader.OpenAsync(conversation, new FeedPosition(4), pages))
        {
            Assert.Equal("5 6", await reader.NextAsync(2));
            kept = (await reader.NextAsync()).Position;
        }

        await Host.DeactivateAsync(conversation);
        await using FeedReader again = await FeedReader.OpenAsync(conversation, FeedPosition.Parse(kept.ToString()), pages);
        Assert.Equal("8 9 10", await again.NextAsync(3));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_reader_hears_that_messages_are_gone(bool pages)
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 10);
        await using FeedReader seenAll = await FeedReader.OpenAsync(conversation, null, pages);
        await using FeedReader seenSome = await FeedReader.OpenAsync(conversation, new FeedPosition(9), pages);
        Assert.Equal("10", await seenSome.NextAsync(1));
        await conversation.TruncateAsync("t", 3);
        await using FeedReader seenNothing = await FeedReader.OpenAsync(conversation, FeedPosition.Start, pages);
        Assert.Equal("T8 8 9 10", await seenNothing.NextAsync(4));
        Assert.Equal("T8", await seenSome.NextAsync(1));
        Assert.Equal("T8", await seenAll.NextAsync(1));

        await conversation.ClearAsync("c");
        ConversationEvent cleared = await seenAll.NextAsync();
        Assert.Equal((11L, 10L), (cleared.FirstSequence, cleared.Position.Sequence));
        await conversation.CommitAsync(Messages.Turn("on", Messages.User("x")));
        Assert.Equal("11", await seenAll.NextAsync(1));
        Assert.Equal("T11 11", await seenNothing.NextAsync(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fork_s_feed_hears_that_what_it_shared_is_gone(bool pages)
    {
        IConversationGrain origin = NewConversation();
        await FillAsync(origin, 10);
        string id = NewId();
        await origin.ForkAsync(new ForkRequest { NewId = id, AtSequence = 6 });
        IConversationGrain fork = Host.Conversation(id);
        await fork.CommitAsync(Messages.Turn("f", Messages.User("own")));
        await using FeedReader reader = await FeedReader.OpenAsync(fork, new FeedPosition(4), pages);
        Assert.Equal("5 6 7", await reader.NextAsync(3));
        await origin.DeleteAsync(new DeleteRequest { CutForks = true });
        Assert.Equal("T7", await reader.NextAsync(1));
    }

    [Fact]
    public async Task Deleting_ends_every_feed()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 3);
        List<FeedReader> readers = [];
        for (int i = 0; i < 20; i++)
        {
            readers.Add(await FeedReader.OpenAsync(conversation, null));
        }

        Task<ConversationEvent>[] ends = [.. readers.Select(reader => reader.EndAsync())];
        await conversation.DeleteAsync();
        Assert.All(await Task.WhenAll(ends), end => Assert.Equal(3, end.Position.Sequence));
        await using var late = new FeedReader(conversation.WatchAsync(new WatchRequest()));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => late.NextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_position_of_another_life_starts_again_with_the_life_there_is(bool pages)
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 5);
        DateTimeOffset first = (await conversation.GetHeadAsync())!.CreatedAt;
        await conversation.DeleteAsync();
        Clock.Advance(TimeSpan.FromSeconds(1));
        await conversation.CommitAsync(Messages.Turn("second life", Messages.User("1"), Messages.User("2")));
        DateTimeOffset second = (await conversation.GetHeadAsync())!.CreatedAt;

        await using FeedReader behind = await FeedReader.OpenAsync(conversation, new FeedPosition(4, first), pages);
        ConversationEvent restarted = await behind.NextAsync();
        Assert.Equal((ConversationEventKind.Restarted, new FeedPosition(0, second)), (restarted.Kind, restarted.Position));
        Assert.Equal("1 2", await behind.NextAsync(2));

        await using FeedReader plain = await FeedReader.OpenAsync(conversation, new FeedPosition(1), pages);
        Assert.Equal("2", await plain.NextAsync(1));
    }

    [Fact]
    public async Task A_feed_that_cannot_be_opened_says_why()
    {
        IConversationGrain conversation = NewConversation();
        await using var unknown = new FeedReader(conversation.WatchAsync(new WatchRequest { After = FeedPosition.Start }));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => unknown.NextAsync());
        await FillAsync(conversation, 5);
        DateTimeOffset life = (await conversation.GetHeadAsync())!.CreatedAt;
        foreach (
            FeedPosition wrong in new[]
            {
                new FeedPosition(6),
                new FeedPosition(6, life),
                new FeedPosition(-1),
                new FeedPosition(-1, life.AddDays(1)),
            }
        )
        {
            await using var reader = new FeedReader(conversation.WatchAsync(new WatchRequest { After = wrong }));
            InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => reader.NextAsync());
            Assert.Equal(
                ("after", "after must be 0 to 5, the last sequence that this conversation has given."),
                (refusal.Parameter, refusal.Message)
            );
        }

        await using var missing = new FeedReader(conversation.WatchAsync(null!));
        Assert.Equal("request", (await Assert.ThrowsAsync<InvalidRequestException>(() => missing.NextAsync())).Parameter);
    }

    [Fact]
    public async Task Readers_that_wait_hold_up_neither_turns_nor_deactivation()
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 2);
        await using FeedReader reader = await FeedReader.OpenAsync(conversation, null);
        Task<ConversationEvent> waiting = reader.NextAsync();
        await FillAsync(conversation, 2);
        await conversation.TruncateAsync("t", 1);
        await conversation.CommitAsync(Messages.Turn("on", Messages.User("x")));
        Assert.Equal("T2", FeedReader.Short(await waiting));
        Assert.Equal("3", await reader.NextAsync(1));

        Task<ConversationEvent> aborted = reader.NextAsync();
        await Host.DeactivateAsync(conversation).WithTimeout();
        await Assert.ThrowsAnyAsync<Exception>(() => aborted);
        Assert.Equal(3, (await conversation.GetHeadAsync())!.LastSequence);
    }
}
