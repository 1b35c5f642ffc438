using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Recording, once and whole.
public abstract partial class FactStoreContract
{
    [Fact]
    public async Task A_memory_is_read_back_as_it_was_given()
    {
        MemoryScope scope = Scope("agent 'x'; --", "user \"%_\\", "session {lead}");
        MemoryFact fact = New(scope, "text 🐝 'quoted' \\ \n\t", MemoryKind.Turn) with
        {
            Caption = "caption",
            Role = "tool",
            Speaker = "Ø",
            MessageId = "m",
            ConversationId = "c",
            ExpiresAt = Start.AddDays(1),
            Metadata = """{ "a" : 1.0, "a": "\ud800", "n": "\u0000" }""",
            OccurredAt = Start.AddTicks(-70),
            UpdatedAt = Start,
        };
        FactMark mark = await Store.MarkAsync(None);
        await Store.RecordAsync(Recording(scope, fact), None);

        Assert.Equal(fact, await Store.FindAsync(_tenant, fact.Id, None));
        Assert.Equal(fact, Assert.Single(await ReadAsync(scope)).Fact);
        Assert.Equal(fact, Assert.Single(await Store.ListAsync(List(), None)).Fact);
        Assert.Equal(fact, Assert.Single((await ChangesAsync(scope, mark)).Live).Fact);
        Assert.Null(await Store.FindAsync(_tenant + "x", fact.Id, None));
        Assert.Null(await Store.FindAsync(_tenant, fact.Id.ToUpperInvariant(), None));
        Assert.Null(await Store.FindAsync(_tenant, "' or 1=1 --", None));
    }

    [Fact]
    public async Task Memories_of_one_recording_have_ascending_positions_and_are_read_highest_first()
    {
        MemoryScope scope = Scope(user: "u");
        string[] texts = [.. Enumerable.Range(0, 1_500).Select(i => $"{i}")];
        await Store.RecordAsync(Recording(scope, [.. texts.Select(text => New(scope, text))]), None);

        var read = new List<StoredFact>();
        while (
            await Store.ReadScopeAsync(new ScopeRead(scope, null, read.Count == 0 ? null : read[^1].Position, 700, long.MaxValue), None)
                is { Count: > 0 } page
        )
        {
            Assert.True(page.Count <= 700);
            read.AddRange(page);
        }

        Assert.Equal(texts.Reverse(), Texts(read));
        Assert.Equal(read.Select(stored => stored.Position).OrderDescending(), read.Select(stored => stored.Position));
    }

    [Fact]
    public async Task A_page_ends_early_for_its_bytes_but_has_one_memory()
    {
        MemoryScope scope = Scope(user: "u");
        await Store.RecordAsync(Recording(scope, New(scope, "ééé"), New(scope, "bb") with { Metadata = "{}" }, New(scope, "cc")), None);

        Assert.Equal(["cc", "bb"], Texts(await Store.ReadScopeAsync(new ScopeRead(scope, null, null, 10, 11), None)));
        Assert.Equal(["cc", "bb", "ééé"], Texts(await Store.ReadScopeAsync(new ScopeRead(scope, null, null, 10, 12), None)));
        Assert.Equal(["cc"], Texts(await Store.ReadScopeAsync(new ScopeRead(scope, null, null, 10, 1), None)));
        Assert.Equal(["cc"], Texts(await Store.ListAsync(List() with { MaxBytes = 1 }, None)));
    }

    [Fact]
    public async Task A_key_records_once_and_is_of_its_scope()
    {
        MemoryScope scope = Scope(user: "u");
        FactRecording first = Recording(scope, New(scope, "one"), New(scope, "two")) with { Key = "k" };
        await Store.RecordAsync(first, None);

        RecordResult again = await Store.RecordAsync(
            first with
            {
                Facts = [New(scope, "one"), New(scope, "two")],
                At = Start.AddHours(1),
            },
            None
        );
        Assert.Equal((RecordStatus.Replayed, Start), (again.Status, again.At));
        Assert.Equal(first.Facts.Select(fact => fact.Id), again.Ids);
        RecordResult other = await Store.RecordAsync(first with { Facts = [New(scope, "x")], PayloadHash = [9] }, None);
        Assert.Equal(RecordStatus.Conflict, other.Status);
        Assert.Equal(["two", "one"], Texts(await ReadAsync(scope)));

        MemoryScope narrow = Scope(user: "u", session: "s");
        Assert.Equal(
            RecordStatus.Recorded,
            (await Store.RecordAsync(first with { Scope = narrow, Facts = [New(narrow, "n")] }, None)).Status
        );
    }

    [Fact]
    public async Task Of_recordings_with_one_key_at_the_same_time_one_is_stored()
    {
        MemoryScope scope = Scope(agent: "a");
        for (int round = 0; round < 20; round++)
        {
            RecordResult[] results = await Task.WhenAll(
                Enumerable
                    .Range(0, 4)
                    .Select(i =>
                        Task.Run(() =>
                            Store.RecordAsync(
                                Recording(scope, New(scope, $"{round}-{i}"), New(scope, $"{round}-{i}+")) with
                                {
                                    Key = $"k{round}",
                                },
                                None
                            )
                        )
                    )
            );
            Assert.Single(results, result => result.Status == RecordStatus.Recorded);
            Assert.All(results, result => Assert.Equal(results[0].Ids, result.Ids.AsEnumerable()));
            Assert.Equal((round + 1) * 2, (await ReadAsync(scope)).Count);
        }
    }

    [Fact]
    public async Task A_recording_that_waits_for_another_one_with_its_key_is_answered_with_it()
    {
        MemoryScope scope = Scope(agent: "a");
        FactRecording first = Recording(scope, New(scope, "first")) with { Key = "k" };
        Func<Task> commit = await fixture.BeginAsync(first);
        Task<RecordResult> second = Task.Run(() => Store.RecordAsync(Recording(scope, New(scope, "second")) with { Key = "k" }, None));
        await commit();

        // A store that holds nothing up may have stored the second one first.
        RecordResult answer = await second;
        StoredFact stored = Assert.Single(await ReadAsync(scope));
        Assert.Equal(stored.Fact.Id, Assert.Single(answer.Ids));
    }

    [Fact]
    public async Task Each_scope_shows_what_has_all_of_its_names()
    {
        for (int mask = 1; mask < 8; mask++)
        {
            await RecordAsync(ScopeOf(mask), $"{mask}");
            await RecordAsync(MemoryScope.Create(_tenant + "x", "a", "u", "s"), "of another tenant");
            await RecordAsync(Scope("a2", "u2", "s2"), "of others");
        }

        for (int mask = 1; mask < 8; mask++)
        {
            string[] shown = [.. Enumerable.Range(1, 7).Where(other => (other & mask) == mask).Select(other => $"{other}").Reverse()];
            MemoryScope scope = ScopeOf(mask);
            Assert.Equal(shown, Texts(await ReadAsync(scope)));
            Assert.Equal(
                shown,
                Texts(await Store.ListAsync(List() with { Agent = scope.Agent, User = scope.User, Session = scope.Session }, None))
            );
        }
    }
}
