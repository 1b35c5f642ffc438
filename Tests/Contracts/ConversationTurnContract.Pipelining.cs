using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Turns may be handed over without waiting for those before; what fails takes its own chain with it and no one else.
public abstract partial class ConversationTurnContract
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turns_handed_over_without_waiting_commit_in_that_order(bool chained)
    {
        WrittenConversation conversation = await OpenAsync("pipelined");
        conversation.Chain = chained ? new CommitChain() : null;
        var commits = new List<TurnCommit>();
        var pending = new List<Task<CommitResult>>();

        for (int i = 0; i < 60; i++)
        {
            TurnCommit commit = conversation.Turn($"pipelined-{i}", $"text {i}") with
            {
                EntryWrites =
                    i % 3 == 0
                        ?
                        [
                            new Entry
                            {
                                Space = "s",
                                Key = "last",
                                Value = $"{i}",
                            },
                        ]
                        : [],
                EntryDeletes = i % 3 == 1 ? [new EntryName("s", "last")] : [],
                Settings = i == 20 ? new ConversationSettings { Title = "set on the way" } : null,
            };
            commits.Add(commit);
            pending.Add(Store.CommitAsync(commit, None));
            conversation.Advance(commit);
        }

        CommitResult[] results = await Task.WhenAll(pending);

        Assert.Equal(commits.Select(commit => new CommitResult(CommitStatus.Committed, commit.Receipt)), results);
        StoredConversation stored = await LoadAsync(conversation.Key);
        Assert.Equal(60, stored.Head!.Version);
        Assert.Equal("set on the way", stored.Head.Settings.Title);
        Assert.Equal(commits[^1].At, stored.Head.UpdatedAt);
        Assert.Equal(commits.SelectMany(commit => commit.Messages).Select(row => row.Message), stored.Tail);
        Assert.Empty(stored.Entries);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turn_that_is_lost_takes_the_later_ones_of_its_chain_with_it_even_where_versions_match_by_chance(bool together)
    {
        WrittenConversation conversation = await WriteNewAsync("chance", turns: 2);
        conversation.Chain = new CommitChain();
        conversation.Version = 1;
        TurnCommit stale = conversation.Turn("chance-stale", "decided upon version 1");
        TurnCommit matches = conversation.Advance(stale).Turn("chance-matches", "expects version 2, which another writer made");

        Task<CommitResult> first = Store.CommitAsync(stale, None);
        CommitResult[] results = together
            ? await Task.WhenAll(first, Store.CommitAsync(matches, None))
            : [await first, await Store.CommitAsync(matches, None)];

        Assert.All(results, result => Assert.Equal(new CommitResult(CommitStatus.Lost, null), result));
        Assert.True(conversation.Chain.Broken);
        Assert.Equal(2, (await LoadAsync(conversation.Key)).Head!.Version);
    }

    [Fact]
    public async Task Turn_whose_id_is_known_breaks_its_chain()
    {
        WrittenConversation conversation = await WriteNewAsync("known-id", turns: 2);
        conversation.Chain = new CommitChain();
        TurnCommit known = conversation.Turn("known-id-1", "again");
        TurnCommit later = conversation.Advance(known).Turn("known-id-later", "text");

        CommitResult[] results = await Task.WhenAll(Store.CommitAsync(known, None), Store.CommitAsync(later, None));

        Assert.Equal([CommitStatus.Replayed, CommitStatus.Lost], results.Select(result => result.Status));
        Assert.Equal(2, (await LoadAsync(conversation.Key)).Head!.Version);
    }

    [Theory]
    [InlineData("turn id", "U+0000")]
    [InlineData("turn id", "half a surrogate pair")]
    [InlineData("message id", "U+0000")]
    [InlineData("author", "half a surrogate pair")]
    [InlineData("entry key", "U+0000")]
    [InlineData("entry key", "half a surrogate pair")]
    [InlineData("title", "U+0000")]
    [InlineData("contents", "no JSON")]
    [InlineData("contents", "half a surrogate pair")]
    [InlineData("metadata", "no JSON")]
    [InlineData("entry value", "no JSON")]
    public async Task Turn_that_cannot_be_stored_is_refused_alone(string part, string poison)
    {
        WrittenConversation[] neighbours = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => OpenAsync($"neighbour-{i}")));
        WrittenConversation guilty = await WriteNewAsync("guilty", turns: 1);
        StoredConversation before = await LoadAsync(guilty.Key);
        TurnCommit poisoned = Poisoned(guilty.Turn("poisoned", "text"), part, Poisons[poison]);
        var pending = new List<Task<CommitResult>>();
        Task<CommitResult> refused;

        await using (await Fixture.StallCommitsAsync())
        {
            pending.AddRange(neighbours[..6].Select(neighbour => Store.CommitAsync(neighbour.Turn("before", "text"), None)));
            refused = Store.CommitAsync(poisoned, None);
            pending.AddRange(neighbours[6..].Select(neighbour => Store.CommitAsync(neighbour.Turn("after", "text"), None)));
        }

        Assert.All(await Task.WhenAll(pending), result => Assert.Equal(CommitStatus.Committed, result.Status));
        await Assert.ThrowsAsync<InvalidRequestException>(() => refused);
        await AssertUnchangedAsync(before);
        await WriteAsync(guilty, guilty.Turn("healthy", "the conversation goes on"));
    }

    [Fact]
    public async Task Refused_turn_takes_only_the_later_ones_of_its_chain_with_it()
    {
        WrittenConversation conversation = await OpenAsync("refused-midway");
        conversation.Chain = new CommitChain();
        var pending = new List<Task<CommitResult>>();
        await using (await Fixture.StallCommitsAsync())
        {
            for (int i = 0; i < 9; i++)
            {
                TurnCommit commit = conversation.Turn($"midway-{i}", $"text {i}");
                pending.Add(Store.CommitAsync(i == 4 ? Poisoned(commit, "contents", Poisons["no JSON"]) : commit, None));
                conversation.Advance(commit);
            }
        }

        await Assert.ThrowsAsync<InvalidRequestException>(() => pending[4]);
        Assert.All(await Task.WhenAll(pending[..4]), result => Assert.Equal(CommitStatus.Committed, result.Status));
        Assert.All(await Task.WhenAll(pending[5..]), result => Assert.Equal(new CommitResult(CommitStatus.Lost, null), result));
        Assert.Equal(4, (await LoadAsync(conversation.Key)).Head!.Version);
    }

    [Fact]
    public async Task Full_queue_refuses_at_once_and_takes_turns_again_when_it_has_room()
    {
        await using OpenedStore? bounded = await Fixture.OpenBoundedAsync(maxQueuedTurns: 4);
        if (bounded is null)
        {
            // A provider without a queue cannot be overloaded.
            return;
        }

        WrittenConversation[] writers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => OpenAsync($"queued-{i}")));
        Task<CommitResult>[] taken;
        await using (await Fixture.StallCommitsAsync())
        {
            taken = [.. writers[..4].Select(writer => bounded.Store.CommitAsync(writer.Turn("queued", "text"), None))];

            Task<CommitResult> refused = bounded.Store.CommitAsync(writers[4].Turn("queued", "text"), None);

            Assert.True(refused.IsFaulted, "a full queue must refuse without waiting");
            MemoryOverloadedException overloaded = await Assert.ThrowsAsync<MemoryOverloadedException>(() => refused);
            Assert.True(overloaded.RetryAfter > TimeSpan.Zero);
            Assert.DoesNotContain(taken, task => task.IsCompleted);
        }

        Assert.All(await Task.WhenAll(taken), result => Assert.Equal(CommitStatus.Committed, result.Status));
        Assert.Null((await LoadAsync(writers[4].Key)).Head);
        CommitResult retried = await bounded.Store.CommitAsync(writers[4].Turn("queued", "text"), None);
        Assert.Equal(CommitStatus.Committed, retried.Status);
    }

    [Fact]
    public async Task Cancelled_call_that_has_not_begun_does_nothing()
    {
        WrittenConversation conversation = await WriteNewAsync("cancelled", turns: 2);
        StoredConversation before = await LoadAsync(conversation.Key);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.CommitAsync(conversation.Turn("never", "text"), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.DeleteAsync(conversation.Key, conversation.Now, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ForkAsync(conversation.Fork(Key("never"), 2), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.LoadAsync(conversation.Key, WholeTail, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadMessagesAsync(before.Lineage, All(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.SweepAsync(new Sweep(DateTimeOffset.MaxValue, default, 10), cancelled)
        );

        await AssertUnchangedAsync(before);
        Assert.Null((await LoadAsync(Key("never"))).Head);
        Assert.Null(await Store.FindTurnAsync(conversation.StoreId, "never", None));
        Assert.NotNull(await Store.FindTurnAsync(conversation.StoreId, "cancelled-1", None));
    }

    private static TurnCommit Poisoned(TurnCommit commit, string part, string poison)
    {
        Message message = commit.Messages[0].Message;
        var entry = new Entry
        {
            Space = "s",
            Key = "k",
            Value = "1",
        };
        return part switch
        {
            "turn id" => commit with { TurnId = poison },
            "message id" => commit with { Messages = [commit.Messages[0] with { Message = message with { Id = poison } }] },
            "author" => commit with { Messages = [commit.Messages[0] with { Message = message with { Author = poison } }] },
            "contents" => commit with { Messages = [commit.Messages[0] with { Message = message with { Contents = poison } }] },
            "metadata" => commit with { Messages = [commit.Messages[0] with { Message = message with { Metadata = poison } }] },
            "title" => commit with { Settings = new ConversationSettings { Title = poison } },
            "entry key" => commit with { EntryWrites = [entry with { Key = poison }] },
            _ => commit with { EntryWrites = [entry with { Value = poison }] },
        };
    }
}
