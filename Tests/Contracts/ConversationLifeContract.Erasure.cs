using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// What is erased is gone in every table; what is not the user's stays, save for what it shared.
public abstract partial class ConversationLifeContract
{
    private static readonly DateTimeOffset Fence = WrittenConversation.Start.AddYears(1);

    [Fact]
    public async Task Erasure_removes_every_conversation_of_the_user_and_counts()
    {
        WrittenConversation first = await OpenAsync("first");
        await WriteAsync(first, Everything(first) with { Settings = new() { UserId = "u" } });
        await WriteAsync(first, first.Truncation("truncates", keepLast: 1));
        await WriteOwnedAsync("second", "u");
        WrittenConversation other = await WriteOwnedAsync("other", "U");
        WrittenConversation nobodys = await WriteNewAsync("nobodys", turns: 1);
        WrittenConversation foreign = await WrittenConversation.LoadAsync(Store, ConversationKey.Create(Tenant + "x", "foreign"));
        await WriteAsync(foreign, foreign.Turn("foreign-1", "text") with { Settings = new() { UserId = "u" } });

        UserErasureStep step = await EraseAsync("u");

        Assert.Equal((2, 3L, 2L, 3L), (step.Lives, step.Messages, step.Entries, step.Turns));
        Assert.Equal(["first", "second"], step.Erased.Select(key => key.Id).Order(StringComparer.Ordinal));
        Assert.Empty(step.CutForks);
        await AssertNothingLeftAsync(first, "truncates");
        Assert.Equal(1, (await LoadAsync(other.Key)).Head!.Version);
        Assert.Equal(1, (await LoadAsync(nobodys.Key)).Head!.Version);
        Assert.Equal(1, (await LoadAsync(foreign.Key)).Head!.Version);

        Assert.Equal(0, (await EraseAsync("u")).Lives);
        await SweepAllAsync();
    }

    [Fact]
    public async Task Erasing_an_unknown_user_removes_nothing()
    {
        UserErasureStep step = await EraseAsync("unknown");
        Assert.Equal((0, 0L, 0L, 0L), (step.Lives, step.Messages, step.Entries, step.Turns));
        Assert.Empty(step.Erased);
        Assert.Equal(Fence, await Store.FindErasureFenceAsync(User("unknown"), Fence, None));
    }

    [Fact]
    public async Task Forks_of_others_lose_what_they_shared_and_own_forks_go()
    {
        WrittenConversation parent = await WriteOwnedAsync("parent", "u", turns: 3);
        await Store.ForkAsync(parent.Fork(Key("given"), 2), None);
        WrittenConversation given = await OpenAsync("given");
        await WriteAsync(given, given.Turn("takes-over", "three") with { Settings = new() { UserId = "v" } });
        await Store.ForkAsync(given.Fork(Key("taken-back"), 3), None);
        WrittenConversation back = await OpenAsync("taken-back");
        await WriteAsync(
            back,
            back.Turn("takes-back", "four") with
            {
                Settings = new() { UserId = "u" },
                At = Fence.AddDays(1),
            }
        );
        await Store.ForkAsync(parent.Fork(Key("own"), 1) with { At = Fence.AddDays(1) }, None);

        UserErasureStep step = await EraseAsync("u");

        Assert.Equal(["own", "parent", "taken-back"], step.Erased.Select(key => key.Id).Order(StringComparer.Ordinal));
        Assert.Equal(["given"], step.CutForks.Select(key => key.Id));
        Assert.Equal((3, 4L), (step.Lives, step.Messages));
        await AssertLogAsync("given", version: 3, first: 3, last: 3, origin: null, updated: parent.Now);
        Assert.Equal(CommitStatus.Lost, (await Store.CommitAsync(given.Turn("stale", "text"), None)).Status);
    }

    [Fact]
    public async Task Expired_replaced_and_imported_lives_of_the_user_go_too()
    {
        await SweepAllAsync();
        WrittenConversation old = await OpenAsync("replaced");
        await WriteAsync(
            old,
            Everything(old) with
            {
                ExpiresAt = WrittenConversation.Start,
                Settings = new() { UserId = "u" },
            }
        );
        WrittenConversation young = await NewLifeAsync(old, at: WrittenConversation.Start);
        WrittenConversation expired = await OpenAsync("expired");
        await WriteAsync(
            expired,
            Everything(expired) with
            {
                ExpiresAt = WrittenConversation.Start,
                Settings = new() { UserId = "u" },
            }
        );
        long import = await BeginImportAsync(
            "import",
            1,
            5,
            new ConversationSettings { UserId = "u" },
            [
                new Entry
                {
                    Space = "s",
                    Key = "k",
                    Value = "1",
                },
            ]
        );
        await AppendAsync("import", import, 1, 3);

        UserErasureStep step = await EraseAsync("u");

        Assert.Equal((3, 7L, 5L, 2L), (step.Lives, step.Messages, step.Entries, step.Turns));
        Assert.Equal(1, (await LoadAsync(young.Key)).Head!.Version);
        Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, old.StoreId), All()));
        Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, import), All()));
        await Assert.ThrowsAsync<ImportNotFoundException>(() => AppendAsync("import", import, 4, 5));
        await Assert.ThrowsAsync<ImportNotFoundException>(() => Store.CompleteImportAsync(Key("import"), import, Fence, None));

        // What is left of an erased import must not stand in the way of others that are dropped.
        await BeginImportAsync("abandoned", 1, 5);
        Assert.Equal(1, (await Store.SweepAsync(new Sweep(default, DateTimeOffset.MaxValue, 100), None)).Imports);
    }

    [Fact]
    public async Task Lives_that_begin_after_the_fence_are_others()
    {
        WrittenConversation before = await WriteOwnedAsync("before", "u");
        WrittenConversation after = await OpenAsync("after");
        await WriteAsync(
            after,
            after.Turn("after-1", "text") with
            {
                Settings = new() { UserId = "u" },
                At = Fence + Tick,
            }
        );

        // Clocks of hosts differ: none that is there now may be left out.
        Assert.Equal(Fence + Tick, await Store.FindErasureFenceAsync(User("u"), Fence, None));
        UserErasureStep step = await EraseAsync("u");

        Assert.Equal([before.Key], step.Erased.AsEnumerable());
        Assert.NotNull((await LoadAsync(after.Key)).Head);
        Assert.Equal([after.Key], (await EraseAsync("u", Fence + Tick)).Erased.AsEnumerable());
    }

    [Fact]
    public async Task Only_the_current_user_of_a_conversation_counts()
    {
        WrittenConversation late = await WriteNewAsync("late", turns: 1);
        await WriteAsync(late, late.Turn("names") with { Settings = new() { UserId = "u" } });
        WrittenConversation changed = await WriteOwnedAsync("changed", "u");
        await WriteAsync(changed, changed.Turn("changes") with { Settings = new() { UserId = "v" } });
        WrittenConversation removed = await WriteOwnedAsync("removed", "u");
        await WriteAsync(removed, removed.Turn("removes") with { Settings = new() });

        Assert.Equal([late.Key], (await EraseAsync("u")).Erased.AsEnumerable());
        Assert.NotNull((await LoadAsync(changed.Key)).Head);
        Assert.NotNull((await LoadAsync(removed.Key)).Head);
    }

    [Fact]
    public async Task Erasure_takes_bounded_steps()
    {
        for (int i = 0; i < 5; i++)
        {
            await WriteOwnedAsync($"one-of-many-{i}", "u");
        }

        var lives = new List<int>();
        do
        {
            lives.Add((await Store.EraseUserAsync(new UserErasure(User("u"), Fence, 2), None)).Lives);
        } while (lives[^1] > 0);

        Assert.Equal([2, 2, 1, 0], lives);
    }

    [Theory]
    [InlineData("a/b %2F?#")]
    [InlineData("'; drop table message; --")]
    [InlineData("漢字 😀 é")]
    public async Task Unusual_users_are_users_like_others(string user)
    {
        await WriteOwnedAsync("unusual", user);
        await WriteOwnedAsync("usual", "u");
        Assert.Equal([Key("unusual")], (await EraseAsync(user)).Erased.AsEnumerable());
    }

    [Fact]
    public async Task Turns_that_race_with_an_erasure_are_erased_or_lost()
    {
        for (int round = 0; round < Rounds; round++)
        {
            WrittenConversation conversation = await WriteOwnedAsync($"erased-{round}", "u");
            Task<CommitResult> turn = Task.Run(() => Store.CommitAsync(conversation.Turn("last-turn", "text"), None));

            UserErasureStep step = await Task.Run(() => EraseAsync("u"));

            bool committed = (await turn).Status == CommitStatus.Committed;
            Assert.Equal(committed ? 2 : 1, step.Messages);
            await AssertNothingLeftAsync(conversation, "last-turn");
        }
    }

    [Fact]
    public async Task Change_of_the_user_that_races_with_an_erasure_comes_before_or_after_it()
    {
        for (int round = 0; round < Rounds; round++)
        {
            WrittenConversation conversation = await WriteOwnedAsync($"handed-{round}", "u");
            TurnCommit change = conversation.Turn("changes", "text") with { Settings = new() { UserId = "v" } };
            Task<CommitResult> turn = Task.Run(() => Store.CommitAsync(change, None));

            UserErasureStep step = await Task.Run(() => EraseAsync("u"));

            bool committed = (await turn).Status == CommitStatus.Committed;
            Assert.Equal(committed ? 0 : 1, step.Lives);
            StoredConversation after = await LoadAsync(conversation.Key);
            AssertSequences(committed ? [1, 2] : [], after.Tail.Select(message => message.Sequence));
        }
    }

    [Fact]
    public async Task Own_fork_that_races_with_an_erasure_is_erased_or_lost()
    {
        for (int round = 0; round < Rounds; round++)
        {
            WrittenConversation parent = await WriteOwnedAsync($"forked-{round}", "u");
            ForkCommit late = parent.Fork(Key($"own-fork-{round}"), 1) with { At = Fence.AddDays(1) };
            Task<ForkResult> fork = Task.Run(() => Store.ForkAsync(late, None));

            await Task.Run(() => EraseAsync("u"));

            await fork;
            Assert.Null((await LoadAsync(late.Target)).Head);
        }
    }

    private Task<UserErasureStep> EraseAsync(string user, DateTimeOffset? fence = null) =>
        Store.EraseUserAsync(new UserErasure(User(user), fence ?? Fence, 1_000), None);

    private async Task<WrittenConversation> WriteOwnedAsync(string id, string user, int turns = 1)
    {
        WrittenConversation conversation = await OpenAsync(id);
        for (int i = 0; i < turns; i++)
        {
            TurnCommit turn = conversation.Turn($"{id}-{i + 1}", $"{id} says {i + 1}");
            await WriteAsync(conversation, i == 0 ? turn with { Settings = new() { UserId = user } } : turn);
        }

        return conversation;
    }
}
