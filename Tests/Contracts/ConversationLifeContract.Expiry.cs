using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// What is over is removed, what was touched meanwhile stays, and no one can tell when it was removed.
public abstract partial class ConversationLifeContract
{
    private const int NoBound = 10_000;

    private static readonly WheelShare WholeWheel = new(0, 1);
    private static readonly DateTimeOffset Due = WrittenConversation.Start.AddYears(1);
    private static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(1);

    [Fact]
    public async Task Sweep_removes_a_conversation_with_all_its_rows_from_the_instant_of_its_expiry()
    {
        await ExpireAllAsync();
        WrittenConversation conversation = await OpenAsync("over");
        await WriteAsync(
            conversation,
            conversation.Turn("over-1", "one", "two") with
            {
                ExpiresAt = Due,
                EntryWrites =
                [
                    new Entry
                    {
                        Space = "s",
                        Key = "a",
                        Value = "1",
                    },
                    new Entry
                    {
                        Space = "s",
                        Key = "b",
                        Value = "2",
                        ExpiresAt = Due + Tick,
                    },
                ],
            }
        );
        await WriteAsync(conversation, conversation.Turn("over-2", "three"));
        StoredConversation before = await LoadAsync(conversation.Key);

        Assert.Equal(default, await SweepAtAsync(Due - Tick));
        await AssertUnchangedAsync(before);

        Assert.Equal(new ExpirySweepResult(1, 3, 2, More: false), await SweepAtAsync(Due));
        await AssertNothingLeftAsync(conversation, "over-2");
        Assert.Equal(default, await SweepAtAsync(Due));
    }

    [Fact]
    public async Task Sweep_leaves_what_was_touched_and_what_lives_for_ever()
    {
        await ExpireAllAsync();
        WrittenConversation touched = await WriteNewAsync("touched", turns: 1);
        await WriteAsync(touched, touched.Turn("limits") with { ExpiresAt = Due });
        await WriteAsync(touched, touched.Turn("extends") with { ExpiresAt = Due + Tick });
        WrittenConversation lasting = await WriteNewAsync("lasting", turns: 1);
        await WriteAsync(lasting, lasting.Turn("limits") with { ExpiresAt = Due });
        await WriteAsync(lasting, lasting.Turn("frees") with { ExpiresAt = null });
        (StoredConversation first, StoredConversation second) = (await LoadAsync(touched.Key), await LoadAsync(lasting.Key));

        Assert.Equal(default, await SweepAtAsync(Due));

        await AssertUnchangedAsync(first);
        await AssertUnchangedAsync(second);
    }

    [Fact]
    public async Task Sweeps_of_all_shares_remove_everything_that_is_due_once()
    {
        await ExpireAllAsync();
        var due = new List<WrittenConversation>();
        for (int i = 0; i < 12; i++)
        {
            due.Add(await WriteExpiringAsync($"shared-{i}", Due));

            // Ids that follow one another are in one share.
            for (int unused = 0; unused < 64; unused++)
            {
                await Store.ReserveStoreIdAsync(None);
            }
        }

        var sweptShares = new List<WheelShare>();
        for (int position = 0; position < 4; position++)
        {
            var share = new WheelShare(position, 4);
            sweptShares.Add(share);
            int own = due.Count(conversation => share.Has(conversation.StoreId));
            Assert.InRange(own, 2, 4);
            Assert.Equal(own, (await Store.SweepExpiredAsync(new ExpirySweep(Due, share, NoBound), None)).Conversations);
            foreach (WrittenConversation conversation in due)
            {
                bool gone = (await LoadAsync(conversation.Key)).Head is null;
                Assert.Equal(sweptShares.Exists(swept => swept.Has(conversation.StoreId)), gone);
            }
        }
    }

    [Fact]
    public async Task Sweep_removes_no_more_than_its_limit_and_says_that_there_is_more()
    {
        await ExpireAllAsync();
        for (int i = 0; i < 5; i++)
        {
            await WriteExpiringAsync($"limited-{i}", Due);
        }

        var swept = new List<ExpirySweepResult>();
        do
        {
            swept.Add(await Store.SweepExpiredAsync(new ExpirySweep(Due, WholeWheel, 2), None));
        } while (swept[^1].More);

        Assert.Equal([2, 2, 1], swept.Select(step => step.Conversations));
    }

    [Fact]
    public async Task Forks_keep_what_they_share_with_a_swept_conversation_until_none_is_left()
    {
        await ExpireAllAsync();
        await SweepAllAsync();
        WrittenConversation parent = await WriteNewAsync("swept-parent", turns: 3);
        await WriteAsync(parent, parent.Turn("limits") with { ExpiresAt = Due });
        await Store.ForkAsync(parent.Fork(Key("heir"), 2), None);

        Assert.Equal(new ExpirySweepResult(1, 0, 0, More: false), await SweepAtAsync(Due));
        Assert.Null((await LoadAsync(parent.Key)).Head);
        Assert.Equal(default, await Store.SweepAsync(new Sweep(default, default, 100), None));
        StoredConversation heir = await LoadAsync(Key("heir"));
        AssertSequences([1, 2], heir.Tail.Select(message => message.Sequence));
        Assert.Equal((1L, 2L), (heir.Head!.FirstSequence, heir.Head.LastSequence));

        await Store.DeleteAsync(Key("heir"), Due, None);
        await AssertNothingLeftAsync(parent, "limits");
        Assert.Equal(default, await Store.SweepAsync(new Sweep(default, default, 100), None));
    }

    [Fact]
    public async Task Conversation_with_very_many_rows_loses_its_key_at_once_and_its_rows_in_bounded_steps()
    {
        await ExpireAllAsync();
        await SweepAllAsync();
        WrittenConversation conversation = await OpenAsync("vast");
        await WriteAsync(conversation, conversation.Turn("vast-1", [.. Range(1, 1_500).Select(i => WrittenConversation.Row(i, "text"))]));
        await WriteAsync(conversation, conversation.Turn("vast-2") with { ExpiresAt = Due });

        Assert.Equal(1, (await SweepAtAsync(Due)).Conversations);
        Assert.Null((await LoadAsync(conversation.Key)).Head);

        SweepResult step;
        do
        {
            step = await Store.SweepAsync(new Sweep(default, default, 600), None);
            Assert.InRange(step.Messages, 0, 600);
        } while (step != default);

        await AssertNothingLeftAsync(conversation, "vast-2");
    }

    [Fact]
    public async Task Key_of_a_swept_conversation_starts_a_new_life_and_old_turn_ids_do_not_replay()
    {
        await ExpireAllAsync();
        WrittenConversation old = await OpenAsync("again");
        await WriteAsync(old, Everything(old) with { ExpiresAt = Due });
        await SweepAtAsync(Due);
        WrittenConversation young = await OpenAsync("again");

        TurnReceipt receipt = await WriteAsync(young, young.Turn("everything", "anew"));

        Assert.Equal(
            new TurnReceipt
            {
                Version = 1,
                FirstSequence = 1,
                LastSequence = 1,
            },
            receipt
        );
        Assert.NotEqual(old.StoreId, young.StoreId);
        Assert.Empty((await LoadAsync(young.Key)).Entries);
        Assert.Equal(
            new CommitResult(CommitStatus.Lost, null),
            await Store.CommitAsync(old.Turn("late", "text") with { At = Due - Tick }, None)
        );
        Assert.Single((await LoadAsync(young.Key)).Tail);
    }

    [Fact]
    public async Task First_turn_of_a_new_life_is_written_although_the_expired_one_was_swept_since_it_was_seen()
    {
        await ExpireAllAsync();
        WrittenConversation old = await WriteExpiringAsync("overtaken", Due);
        WrittenConversation young = await OpenAsync("overtaken");
        young.Replaces = new ExpiredLife(old.StoreId, old.Version);
        (young.StoreId, young.Version, young.FirstSequence, young.LastSequence, young.ExpiresAt) = (
            await Store.ReserveStoreIdAsync(None),
            0,
            1,
            0,
            null
        );
        await SweepAtAsync(Due);

        Assert.Equal(1, (await WriteAsync(young, young.Turn("first", "text") with { At = Due })).Version);
    }

    [Fact]
    public async Task Turns_that_race_with_a_sweep_keep_the_whole_conversation_or_are_lost()
    {
        await ExpireAllAsync();
        for (int round = 0; round < Rounds; round++)
        {
            WrittenConversation conversation = await WriteExpiringAsync($"raced-{round}", Due);
            TurnCommit touch = conversation.Turn("touch", "text") with { At = Due - Tick, ExpiresAt = Due.AddHours(1) };

            Task<CommitResult> turn = Task.Run(() => Store.CommitAsync(touch, None));
            ExpirySweepResult swept = await Task.Run(() => SweepAtAsync(Due));

            CommitResult result = await turn;
            StoredConversation after = await LoadAsync(conversation.Key);
            Assert.Equal(result.Status == CommitStatus.Committed, after.Head is not null);
            AssertSequences(after.Head is null ? [] : [1, 2], after.Tail.Select(message => message.Sequence));
            Assert.Equal(after.Head is null ? 1 : 0, swept.Conversations);
        }
    }

    [Fact]
    public async Task Fork_that_races_with_a_sweep_of_its_parent_has_all_it_shares_or_is_lost()
    {
        await ExpireAllAsync();
        for (int round = 0; round < Rounds; round++)
        {
            WrittenConversation parent = await WriteExpiringAsync($"parent-{round}", Due);
            Task<ForkResult> fork = Task.Run(() => Store.ForkAsync(parent.Fork(Key($"fork-{round}"), 1) with { At = Due - Tick }, None));
            await Task.Run(() => SweepAtAsync(Due));

            ForkStatus status = (await fork).Status;
            await Store.SweepAsync(new Sweep(default, default, 100), None);
            await SweepAtAsync(Due);
            StoredConversation child = await LoadAsync(Key($"fork-{round}"));
            AssertSequences(status == ForkStatus.Created ? [1] : [], child.Tail.Select(message => message.Sequence));
        }
    }

    [Fact]
    public async Task Single_life_is_removed_only_when_it_is_over()
    {
        WrittenConversation conversation = await WriteExpiringAsync("single", Due);

        Assert.False(await Store.ExpireAsync(conversation.StoreId, Due - Tick, None));
        Assert.False(await Store.ExpireAsync(await Store.ReserveStoreIdAsync(None), Due, None));
        Assert.NotNull((await LoadAsync(conversation.Key)).Head);
        Assert.True(await Store.ExpireAsync(conversation.StoreId, Due, None));
        Assert.False(await Store.ExpireAsync(conversation.StoreId, Due, None));
        await AssertNothingLeftAsync(conversation, "single-1");
    }

    [Fact]
    public async Task Deleting_an_expired_conversation_finds_none_and_leaves_nothing()
    {
        WrittenConversation conversation = await WriteExpiringAsync("deleted-late", Due);

        Assert.False((await Store.DeleteAsync(conversation.Key, Due, None)).Receipt.Existed);

        await AssertNothingLeftAsync(conversation, "deleted-late-1");
        WrittenConversation other = await WriteExpiringAsync("deleted-in-time", Due);
        Assert.True((await Store.DeleteAsync(other.Key, Due - Tick, None)).Receipt.Existed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Sweeps_at_any_instants_and_in_any_order_remove_exactly_what_is_over(int seed)
    {
        await ExpireAllAsync();
        var random = new Random(seed);
        var lives = new Dictionary<string, WrittenConversation>(StringComparer.Ordinal);
        DateTimeOffset latest = WrittenConversation.Start;
        for (int step = 0; step < 150; step++)
        {
            string id = $"any-{random.Next(12)}";
            DateTimeOffset instant = WrittenConversation.Start.AddMinutes(random.Next(1_000));
            if (random.Next(3) == 0)
            {
                latest = instant > latest ? instant : latest;
                await Store.SweepExpiredAsync(new ExpirySweep(instant, new WheelShare(random.Next(2), 2), 1 + random.Next(4)), None);
            }
            else
            {
                await TouchAsync(lives, id, step, random.Next(5) == 0 ? null : latest.AddMinutes(1 + random.Next(300)));
            }
        }

        while ((await SweepAtAsync(latest)).More) { }

        foreach ((string id, WrittenConversation life) in lives)
        {
            bool over = life.ExpiresAt <= latest;
            StoredConversation stored = await LoadAsync(Key(id));
            Assert.True(over == stored.Head is null, $"seed {seed}, {id}");
            Assert.True(over || (stored.Head!.Version == life.Version && stored.Tail.Length == life.Version), $"seed {seed}, {id}");
        }
    }

    /// <summary>Commits a turn that gives a conversation another expiry; a lost one means that it was swept and starts again.</summary>
    private async Task TouchAsync(Dictionary<string, WrittenConversation> lives, string id, int step, DateTimeOffset? expiresAt)
    {
        if (!lives.TryGetValue(id, out WrittenConversation? life) || (await LoadAsync(life.Key)).StoreId != life.StoreId)
        {
            life = lives[id] = await OpenAsync(id);
        }

        await WriteAsync(life, life.Turn($"{id}-{step}", "text") with { ExpiresAt = expiresAt });
    }

    private Task<ExpirySweepResult> SweepAtAsync(DateTimeOffset at) =>
        Store.SweepExpiredAsync(new ExpirySweep(at, WholeWheel, NoBound), None);

    /// <summary>Removes all that earlier facts have left with an expiry.</summary>
    private async Task ExpireAllAsync()
    {
        while ((await SweepAtAsync(DateTimeOffset.MaxValue)).More) { }
    }

    private async Task<WrittenConversation> WriteExpiringAsync(string id, DateTimeOffset expiresAt)
    {
        WrittenConversation conversation = await OpenAsync(id);
        await WriteAsync(conversation, conversation.Turn($"{id}-1", "text") with { ExpiresAt = expiresAt });
        return conversation;
    }

    private async Task AssertNothingLeftAsync(WrittenConversation conversation, string turnId)
    {
        StoredConversation after = await LoadAsync(conversation.Key);
        Assert.NotEqual(conversation.StoreId, after.StoreId);
        Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, conversation.StoreId), All()));
        Assert.Null(await Store.FindTurnAsync(conversation.StoreId, turnId, None));
    }
}
