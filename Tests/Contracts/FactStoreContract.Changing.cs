using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Changing, deleting, sweeping.
public abstract partial class FactStoreContract
{
    [Fact]
    public async Task A_change_makes_the_next_version_and_is_written_down()
    {
        MemoryFact fact = await RecordAsync(Scope(user: "u"), "one");
        FactChangeResult result = await Store.ChangeAsync(
            Change(fact, "two") with
            {
                SetsMetadata = true,
                Metadata = """{"k":"v"}""",
                SetsExpiry = true,
                ExpiresAt = Start.AddDays(1),
            },
            None
        );
        await Store.ChangeAsync(Change(fact) with { SetsMetadata = true, At = Start.AddMinutes(2) }, None);

        MemoryFact expected = fact with
        {
            Text = "two",
            Metadata = """{"k":"v"}""",
            ExpiresAt = Start.AddDays(1),
            Version = 2,
            UpdatedAt = Start.AddMinutes(1),
        };
        Assert.Equal((true, expected), (result.Changed, result.Fact));
        Assert.Equal(
            expected with
            {
                Metadata = null,
                Version = 3,
                UpdatedAt = Start.AddMinutes(2),
            },
            await Store.FindAsync(_tenant, fact.Id, None)
        );
        Assert.Empty(await Store.ListAsync(List() with { Labels = ["k=v"] }, None));
        MemoryEvent[] history =
        [
            new()
            {
                Version = 1,
                Kind = MemoryEventKind.Added,
                Text = "one",
                At = Start,
            },
            new()
            {
                Version = 2,
                Kind = MemoryEventKind.Updated,
                PreviousText = "one",
                Text = "two",
                At = Start.AddMinutes(1),
            },
            new()
            {
                Version = 3,
                Kind = MemoryEventKind.Updated,
                PreviousText = "two",
                Text = "two",
                At = Start.AddMinutes(2),
            },
        ];
        Assert.Equal(history, (await HistoryAsync(fact.Id)).AsEnumerable());
        Assert.Equal(history[1..], (await HistoryAsync(fact.Id, 2)).AsEnumerable());
    }

    [Fact]
    public async Task A_change_of_another_version_an_expired_or_an_unknown_memory_changes_nothing()
    {
        MemoryFact fact = await RecordAsync(Scope(user: "u"), "one");
        Assert.Equal(new FactChangeResult(false, fact), await Store.ChangeAsync(Change(fact, "two", expected: 2), None));
        Assert.True((await Store.ChangeAsync(Change(fact, "two", expected: 1), None)).Changed);
        Assert.Equal(
            new FactChangeResult(false, null),
            await Store.ChangeAsync(Change(fact, "x") with { Id = Guid.NewGuid().ToString("N") }, None)
        );
        Assert.Equal(new FactChangeResult(false, null), await Store.ChangeAsync(Change(fact, "x") with { Id = "x" }, None));
        Assert.Equal(new FactChangeResult(false, null), await Store.ChangeAsync(Change(fact, "x") with { Tenant = "other" }, None));
        await Store.ChangeAsync(Change(fact) with { SetsExpiry = true, ExpiresAt = Start.AddMinutes(1) }, None);
        Assert.Equal(new FactChangeResult(false, null), await Store.ChangeAsync(Change(fact, "x"), None));
        Assert.Equal("two", (await Store.FindAsync(_tenant, fact.Id, None))!.Text);
    }

    [Fact]
    public async Task Of_changes_that_expect_one_version_one_is_made()
    {
        MemoryFact fact = await RecordAsync(Scope(user: "u"), "0");
        for (int round = 1; round <= 20; round++)
        {
            FactChangeResult[] results = await Task.WhenAll(
                Enumerable.Range(0, 4).Select(i => Task.Run(() => Store.ChangeAsync(Change(fact, $"{round}-{i}", expected: round), None)))
            );
            Assert.Single(results, result => result.Changed);
            Assert.Equal(round + 1, (await Store.FindAsync(_tenant, fact.Id, None))!.Version);
        }

        Assert.Equal(
            Enumerable.Range(1, 21).Select(version => (long)version),
            (await HistoryAsync(fact.Id)).Select(change => change.Version)
        );
    }

    [Fact]
    public async Task A_deleted_memory_leaves_nothing_readable()
    {
        MemoryScope scope = Scope(user: "u");
        MemoryFact fact = await RecordAsync(scope, "secret");
        await Store.ChangeAsync(Change(fact, "secret 2"), None);
        await Store.SaveVectorsAsync(_tenant, Model, [new FactVector(fact.Id, 2, new float[] { 1, 2 })], None);
        FactMark mark = await Store.MarkAsync(None);

        Assert.False(await Store.DeleteAsync("other", fact.Id, Start, None));
        Assert.True(await Store.DeleteAsync(_tenant, fact.Id, Start, None));
        Assert.False(await Store.DeleteAsync(_tenant, fact.Id, Start, None));
        Assert.False(await Store.DeleteAsync(_tenant, "no id", Start, None));

        Assert.Null(await Store.FindAsync(_tenant, fact.Id, None));
        Assert.Empty(await ReadAsync(scope, Model));
        Assert.Empty(await Store.ListAsync(List(), None));
        Assert.Empty(await HistoryAsync(fact.Id));
        FactChanges changes = await ChangesAsync(scope, mark);
        Assert.Equal([fact.Id], changes.Gone);
        Assert.Empty(changes.Live);
        Assert.Equal(new FactChangeResult(false, null), await Store.ChangeAsync(Change(fact, "x"), None));
        Assert.Equal(0, await Store.SaveVectorsAsync(_tenant, Model, [new FactVector(fact.Id, 3, new float[] { 1, 2 })], None));
    }

    [Fact]
    public async Task Clearing_goes_in_steps_and_takes_all_that_the_scope_shows()
    {
        MemoryScope wide = Scope(user: "u");
        MemoryScope narrow = Scope("a", "u");
        await Store.RecordAsync(
            Recording(narrow, New(narrow, "1"), New(narrow, "2"), New(narrow, "3") with { ExpiresAt = Start }) with
            {
                Key = "k",
            },
            None
        );
        await RecordAsync(wide, "4");
        await RecordAsync(Scope(user: "v"), "other");

        Assert.Equal(new FactDeletion(2, 2, true), await Store.ClearAsync(wide, Start, 2, None));
        FactDeletion second = await Store.ClearAsync(wide, Start, 2, None);
        Assert.Equal((2, 1, true), (second.Rows, second.Live, second.More));
        Assert.Equal(new FactDeletion(0, 0, false), await Store.ClearAsync(wide, Start, 2, None));
        Assert.Empty(await ReadAsync(wide));
        Assert.Single(await ReadAsync(Scope(user: "v")));

        // What was recorded under the key does not come back, for as long as keys are kept.
        Assert.Equal(RecordStatus.Gone, (await Store.RecordAsync(Recording(narrow, New(narrow, "5")) with { Key = "k" }, None)).Status);
        await Store.SweepAsync(new FactSweep(Start, default, Start + TimeSpan.FromTicks(10), 100), None);
        Assert.Equal(RecordStatus.Recorded, (await Store.RecordAsync(Recording(narrow, New(narrow, "6")) with { Key = "k" }, None)).Status);
    }

    [Fact]
    public async Task Sweeping_removes_the_expired_then_their_traces_and_old_keys()
    {
        MemoryScope scope = Scope(user: "u");
        MemoryFact due = New(scope, "due") with { ExpiresAt = Start.AddHours(1) };
        MemoryFact later = New(scope, "later") with { ExpiresAt = Start.AddHours(2) };
        await Store.RecordAsync(Recording(scope, due, later) with { Key = "k" }, None);
        FactMark mark = await Store.MarkAsync(None);

        FactSweepResult swept = await Store.SweepAsync(new FactSweep(Start.AddHours(1), Start, Start, 10_000), None);
        Assert.True(swept.Expired >= 1);
        Assert.Equal(["later"], Texts(await ReadAsync(scope)));
        Assert.Equal([due.Id], (await ChangesAsync(scope, mark)).Gone);
        Assert.Equal(RecordStatus.Replayed, (await Store.RecordAsync(Recording(scope, New(scope, "x")) with { Key = "k" }, None)).Status);

        await Store.SweepAsync(new FactSweep(Start.AddHours(1), Start.AddHours(2), Start.AddTicks(10), 10_000), None);
        FactChanges changes = await ChangesAsync(scope, mark);
        Assert.Equal((0, 0), (changes.Live.Count(stored => stored.Fact.Id == due.Id), changes.Gone.Count));
        Assert.Equal(RecordStatus.Recorded, (await Store.RecordAsync(Recording(scope, New(scope, "x")) with { Key = "k" }, None)).Status);
        Assert.NotNull(await Store.FindAsync(_tenant, later.Id, None));
    }

    [Fact]
    public async Task Deleting_or_erasing_a_conversation_takes_what_was_recorded_from_it()
    {
        MemoryScope scope = Scope(agent: "a");
        ConversationKey[] keys =
        [
            ConversationKey.Create(_tenant, "deleted"),
            ConversationKey.Create(_tenant, "erased"),
            ConversationKey.Create(_tenant, "kept"),
        ];
        foreach (ConversationKey key in keys)
        {
            WrittenConversation conversation = await WrittenConversation.LoadAsync(fixture.Conversations, key);
            TurnCommit turn = conversation.Turn("turn", "text") with
            {
                Settings = ConversationSettings.Empty with { UserId = key.Id == "erased" ? "u" : null },
            };
            Assert.Equal(CommitStatus.Committed, (await fixture.Conversations.CommitAsync(turn, None)).Status);
            await Store.RecordAsync(Recording(scope, New(scope, key.Id) with { ConversationId = key.Id }) with { Key = key.Id }, None);
        }

        await RecordAsync(scope, "of none");
        await Store.RecordAsync(Recording(scope, New(scope, "never there") with { ConversationId = "x" }), None);
        FactMark mark = await Store.MarkAsync(None);

        Assert.True((await fixture.Conversations.DeleteAsync(keys[0], Start, None)).Receipt.Existed);
        Assert.False((await fixture.Conversations.DeleteAsync(ConversationKey.Create(_tenant, "x"), Start, None)).Receipt.Existed);
        var user = UserKey.Create(_tenant, "u");
        DateTimeOffset fence = await fixture.Conversations.FindErasureFenceAsync(user, Start, None);
        UserErasureStep step = await fixture.Conversations.EraseUserAsync(new UserErasure(user, fence, 10), None);

        Assert.Equal((1, 1L), (step.Lives, step.Memories));
        Assert.Equal(["of none", "kept"], Texts(await ReadAsync(scope)));
        Assert.Equal(3, (await ChangesAsync(scope, mark)).Gone.Count);
        ImmutableArray<MemoryFact> again = [New(scope, "deleted")];
        foreach (string gone in (string[])["deleted", "erased"])
        {
            RecordResult result = await Store.RecordAsync(Recording(scope) with { Facts = again, Key = gone }, None);
            Assert.Equal((RecordStatus.Gone, 0), (result.Status, result.Ids.Length));
        }

        Assert.Equal(
            RecordStatus.Recorded,
            (await Store.RecordAsync(Recording(scope) with { Facts = again, Key = "another" }, None)).Status
        );
    }
}
