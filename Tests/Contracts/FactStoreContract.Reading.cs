using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Readers of changes, and lists.
public abstract partial class FactStoreContract
{
    [Fact]
    public async Task Changes_since_a_mark_are_what_was_recorded_changed_retired_and_deleted()
    {
        MemoryScope scope = Scope(user: "u");
        MemoryFact kept = await RecordAsync(scope, "kept");
        MemoryFact changed = await RecordAsync(scope, "changed");
        MemoryFact deleted = await RecordAsync(scope, "deleted");
        MemoryFact retired = await RecordAsync(scope, "retired");
        MemoryFact turn = await RecordAsync(scope, "turn", MemoryKind.Turn, extract: true);
        FactMark mark = await Store.MarkAsync(None);
        Assert.Empty((await ChangesAsync(scope, mark)).Live);

        MemoryFact added = await RecordAsync(Scope("a", "u", "s"), "added");
        await Store.ChangeAsync(Change(changed, "changed now"), None);
        await Store.DeleteAsync(_tenant, deleted.Id, Start, None);
        await Store.ApplyAsync(
            new FactDistillation
            {
                Scope = scope,
                Turns = [turn.Id],
                Retired = [new(retired.Id, 1)],
                At = Start,
            },
            None
        );
        await RecordAsync(Scope(user: "other"), "of another");

        FactChanges changes = await ChangesAsync(scope, mark);
        Assert.Equal(["added", "changed now"], Texts(changes.Live.Where(stored => stored.Fact.Id != turn.Id)).Order());
        Assert.Equal(new[] { deleted.Id, retired.Id }.Order(), changes.Gone.Order());
        Assert.DoesNotContain(changes.Live, stored => stored.Fact.Id == kept.Id);
        Assert.Equal(added.Id, changes.Live.MaxBy(stored => stored.Position)!.Fact.Id);

        FactChanges none = await ChangesAsync(scope, changes.Mark);
        Assert.Equal((0, 0), (none.Live.Count, none.Gone.Count));
    }

    [Fact]
    public async Task A_recording_that_began_earlier_and_became_durable_later_is_seen()
    {
        MemoryScope scope = Scope(session: "s");
        FactMark mark = await Store.MarkAsync(None);
        Func<Task> first = await fixture.BeginAsync(Recording(scope, New(scope, "first")));
        Func<Task> second = await fixture.BeginAsync(Recording(scope, New(scope, "second")));
        await RecordAsync(scope, "third");
        FactChanges changes = await ChangesAsync(scope, mark);
        Assert.Equal(["third"], Texts(changes.Live));

        await second();
        changes = await ChangesAsync(scope, changes.Mark);
        Assert.Contains("second", Texts(changes.Live));
        Assert.DoesNotContain("first", Texts(changes.Live));
        FactMark whileFirstRuns = await Store.MarkAsync(None);

        await first();
        Assert.Contains("first", Texts((await ChangesAsync(scope, changes.Mark)).Live));
        Assert.Contains("first", Texts((await ChangesAsync(scope, whileFirstRuns)).Live));
        Assert.Empty((await ChangesAsync(scope, (await ChangesAsync(scope, changes.Mark)).Mark)).Live);
    }

    [Fact]
    public async Task More_changes_than_wanted_are_not_told()
    {
        MemoryScope scope = Scope(user: "u");
        FactMark mark = await Store.MarkAsync(None);
        await Store.RecordAsync(Recording(scope, [.. Enumerable.Range(0, 20).Select(_ => New(scope, "0123456789"))]), None);

        Assert.Null(await Store.ReadChangesAsync(scope, mark, null, 19, long.MaxValue, None));
        Assert.Null(await Store.ReadChangesAsync(scope, mark, null, 20, 199, None));
        Assert.Equal(20, (await Store.ReadChangesAsync(scope, mark, null, 20, 200, None))!.Live.Count);
    }

    [Fact]
    public async Task A_list_has_what_meets_all_conditions_and_has_not_expired()
    {
        MemoryScope scope = Scope("a", "u", "s");
        await Store.RecordAsync(
            Recording(
                scope,
                New(scope, "plain"),
                New(scope, "turn", MemoryKind.Turn),
                New(scope, "labelled") with
                {
                    Metadata = """{"k=1":"v","n":1.0,"o":{},"b":true}""",
                },
                New(scope, "expired") with
                {
                    ExpiresAt = Start,
                },
                New(scope, "expires") with
                {
                    ExpiresAt = Start.AddMicroseconds(1),
                }
            ),
            None
        );

        Assert.Equal(["expires", "labelled", "turn", "plain"], Texts(await Store.ListAsync(List(), None)));
        Assert.Equal(["turn"], Texts(await Store.ListAsync(List() with { Kind = MemoryKind.Turn }, None)));
        Assert.Equal(["labelled"], Texts(await Store.ListAsync(List() with { Labels = [@"k\=1=v", "n=1.0", "b=true"] }, None)));
        Assert.Empty(await Store.ListAsync(List() with { Labels = ["n=1"] }, None));
        Assert.Empty(await Store.ListAsync(List() with { Agent = "a", User = "u2" }, None));
        IReadOnlyList<StoredFact> page = await Store.ListAsync(List(limit: 2), None);
        Assert.Equal(["turn", "plain"], Texts(await Store.ListAsync(List(limit: 2) with { Before = page[^1].Position }, None)));
        Assert.Equal(["expired", "expires", "labelled", "plain", "turn"], Texts(await ReadAsync(scope)).Order(StringComparer.Ordinal));
    }
}
