using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// What works on memories in the background: vectors, and facts distilled from turns.
public abstract partial class FactStoreContract
{
    private static readonly ReadOnlyMemory<float> Vector = new float[] { 0.5f, -1.25f };

    [Fact]
    public async Task Vectors_are_of_one_model_and_of_what_a_memory_says_now()
    {
        MemoryScope scope = Scope(user: "u");
        MemoryFact fact = await RecordAsync(scope, "one");
        MemoryFact other = await RecordAsync(scope, "two");
        FactMark mark = await Store.MarkAsync(None);
        Assert.Equal(["one", "two"], Texts(await Store.ReadToEmbedAsync(scope, Model, 10, None)));
        Assert.Equal(["one"], Texts(await Store.ReadToEmbedAsync(scope, Model, 1, None)));
        Assert.Empty(await Store.ReadToEmbedAsync(Scope("a", "u"), Model, 10, None));

        Assert.Equal(
            1,
            await Store.SaveVectorsAsync(_tenant, Model, [new(fact.Id, 1, Vector), new(other.Id, 2, Vector), new("x", 1, Vector)], None)
        );

        Assert.Equal(Vector.ToArray(), (await ReadAsync(scope, Model))[1].Vector.ToArray());
        Assert.True((await ReadAsync(scope, Model))[0].Vector.IsEmpty);
        Assert.True((await ReadAsync(scope, "another"))[1].Vector.IsEmpty);
        Assert.True((await ReadAsync(scope))[1].Vector.IsEmpty);
        Assert.Equal(Vector.ToArray(), Assert.Single((await ChangesAsync(scope, mark, Model)).Live).Vector.ToArray());
        Assert.Equal(["two"], Texts(await Store.ReadToEmbedAsync(scope, Model, 10, None)));

        // A change of the metadata keeps it, one of the text does not.
        await Store.ChangeAsync(Change(fact) with { SetsMetadata = true, Metadata = "{}" }, None);
        Assert.False((await ReadAsync(scope, Model))[1].Vector.IsEmpty);
        await Store.ChangeAsync(Change(fact, "three"), None);
        Assert.True((await ReadAsync(scope, Model))[1].Vector.IsEmpty);
        Assert.Equal(["three", "two"], Texts(await Store.ReadToEmbedAsync(scope, Model, 10, None)));
        Assert.Equal(0, await Store.SaveVectorsAsync("other", Model, [new(fact.Id, 3, Vector)], None));
    }

    [Fact]
    public async Task Vectors_of_another_model_are_found_and_replaced()
    {
        MemoryScope scope = Scope("a", session: "s");
        MemoryFact fact = await RecordAsync(scope, "one");
        await Store.SaveVectorsAsync(_tenant, Model, [new(fact.Id, 1, Vector)], None);
        string next = $"next {_tenant}";
        Assert.Contains(scope, await Store.FindScopesToEmbedAsync(next, 10_000, None));
        Assert.DoesNotContain(scope, await Store.FindScopesToEmbedAsync(Model, 10_000, None));
        Assert.Equal(["one"], Texts(await Store.ReadToEmbedAsync(scope, next, 10, None)));

        float[] vector = [1, 2, 3];
        Assert.Equal(1, await Store.SaveVectorsAsync(_tenant, next, [new(fact.Id, 1, vector)], None));

        Assert.Empty(await Store.ReadToEmbedAsync(scope, next, 10, None));
        Assert.DoesNotContain(scope, await Store.FindScopesToEmbedAsync(next, 10_000, None));
        Assert.Contains(scope, await Store.FindScopesToEmbedAsync(Model, 10_000, None));
        Assert.Equal(vector, Assert.Single(await ReadAsync(scope, next)).Vector.ToArray());
        Assert.True(Assert.Single(await ReadAsync(scope, Model)).Vector.IsEmpty);
    }

    [Fact]
    public async Task Every_owner_of_memories_without_vectors_is_found()
    {
        MemoryScope[] scopes = [.. Enumerable.Range(0, 30).Select(i => Scope(user: $"u{i}"))];
        foreach (MemoryScope scope in scopes)
        {
            await RecordAsync(scope, "1");
            await RecordAsync(scope, "2");
        }

        Assert.Empty(scopes.Except(await Store.FindScopesToEmbedAsync(Model, 10_000, None)));
        Assert.Equal(7, (await Store.FindScopesToEmbedAsync(Model, 7, None)).Count);
    }

    [Fact]
    public async Task Turns_wait_for_distillation_only_when_they_were_recorded_so()
    {
        MemoryScope scope = Scope(user: "u");
        await RecordAsync(scope, "fact", extract: true);
        await RecordAsync(scope, "not waiting", MemoryKind.Turn);
        MemoryFact first = await RecordAsync(scope, "first", MemoryKind.Turn, extract: true);
        await RecordAsync(scope, "second", MemoryKind.Turn, extract: true);
        await RecordAsync(Scope("a", "u"), "of another owner", MemoryKind.Turn, extract: true);

        Assert.Equal(["first", "second"], Texts(await Store.ReadToExtractAsync(scope, 10, None)));
        Assert.Equal(["first"], Texts(await Store.ReadToExtractAsync(scope, 1, None)));
        MemoryScope[] mine = [.. (await Store.FindScopesToExtractAsync(10_000, None)).Where(found => found.Tenant == _tenant)];
        Assert.Equal([scope, Scope("a", "u")], mine);
        await Store.DeleteAsync(_tenant, first.Id, Start, None);
        Assert.Equal(["second"], Texts(await Store.ReadToExtractAsync(scope, 10, None)));
    }

    [Fact]
    public async Task What_was_distilled_is_applied_whole_with_history()
    {
        MemoryScope scope = Scope(user: "u");
        MemoryFact turn = await RecordAsync(scope, "turn", MemoryKind.Turn, extract: true);
        MemoryFact revised = await RecordAsync(scope, "old");
        MemoryFact retired = await RecordAsync(scope, "wrong");
        MemoryFact added = New(scope, "new") with { ConversationId = "c", ExpiresAt = Start.AddDays(1) };
        var distillation = new FactDistillation
        {
            Scope = scope,
            Turns = [turn.Id],
            Added = [added],
            Revised = [new(revised.Id, 1, "old, revised")],
            Retired = [new(retired.Id, 1)],
            At = Start.AddMinutes(3),
        };

        Assert.True(await Store.ApplyAsync(distillation, None));

        Assert.Equal(["new", "old, revised", "turn"], Texts(await ReadAsync(scope)));
        Assert.Empty(await Store.ReadToExtractAsync(scope, 10, None));
        Assert.Null(await Store.FindAsync(_tenant, retired.Id, None));
        Assert.Equal(
            added with
            {
                CreatedAt = distillation.At,
                UpdatedAt = distillation.At,
            },
            (await Store.FindAsync(_tenant, added.Id, None))! with
            {
                CreatedAt = distillation.At,
                UpdatedAt = distillation.At,
            }
        );
        Assert.True(Assert.Single(await HistoryAsync(added.Id)).ByExtractor);
        Assert.Equal(
            new MemoryEvent
            {
                Version = 2,
                Kind = MemoryEventKind.Updated,
                PreviousText = "old",
                Text = "old, revised",
                At = distillation.At,
                ByExtractor = true,
            },
            (await HistoryAsync(revised.Id))[1]
        );
        MemoryEvent[] history =
        [
            new()
            {
                Version = 1,
                Kind = MemoryEventKind.Added,
                Text = "wrong",
                At = Start,
            },
            new()
            {
                Version = 2,
                Kind = MemoryEventKind.Retired,
                PreviousText = "wrong",
                At = distillation.At,
                ByExtractor = true,
            },
        ];
        Assert.Equal(history, (await HistoryAsync(retired.Id)).AsEnumerable());
        Assert.Equal(new FactChangeResult(false, null), await Store.ChangeAsync(Change(retired, "x"), None));

        // The turns are done with.
        Assert.False(await Store.ApplyAsync(distillation with { Added = [New(scope, "twice")], Revised = [], Retired = [] }, None));
        Assert.Equal(3, (await ReadAsync(scope)).Count);
        Assert.False(await Store.DeleteAsync(_tenant, retired.Id, Start, None));
        Assert.Empty(await HistoryAsync(retired.Id));
    }

    [Fact]
    public async Task What_does_not_fit_any_more_is_not_applied_at_all()
    {
        MemoryScope scope = Scope(user: "u");
        MemoryFact turn = await RecordAsync(scope, "turn", MemoryKind.Turn, extract: true);
        MemoryFact fact = await RecordAsync(scope, "fact");
        MemoryFact foreign = await RecordAsync(Scope(user: "v"), "foreign");
        await Store.ChangeAsync(Change(fact, "changed"), None);
        var fits = new FactDistillation
        {
            Scope = scope,
            Turns = [turn.Id],
            Added = [New(scope, "new")],
            At = Start,
        };
        FactDistillation[] unfit =
        [
            fits with
            {
                Revised = [new(fact.Id, 1, "x")],
            },
            fits with
            {
                Retired = [new(fact.Id, 1)],
            },
            fits with
            {
                Retired = [new(foreign.Id, 1)],
            },
            fits with
            {
                Turns = [turn.Id, fact.Id],
            },
            fits with
            {
                Turns = [turn.Id, "x"],
            },
            fits with
            {
                Turns = [turn.Id, Guid.NewGuid().ToString("N")],
            },
        ];
        Assert.All(await Task.WhenAll(unfit.Select(distillation => Store.ApplyAsync(distillation, None))), Assert.False);
        Assert.Equal(["changed", "turn"], Texts(await ReadAsync(scope)));

        // Of two at the same time one is applied.
        bool[] applied = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => Task.Run(() => Store.ApplyAsync(fits with { Added = [New(scope, $"new {i}")] }, None)))
        );
        Assert.Single(applied, done => done);
        Assert.Equal(3, (await ReadAsync(scope)).Count);
    }
}
