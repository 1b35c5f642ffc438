using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Whatever happens in whatever order, a reader that follows the changes knows what a reader knows who begins anew.
public abstract partial class FactStoreContract
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Readers_that_follow_the_changes_know_what_is_stored(int seed)
    {
        var random = new Random(seed);
        MemoryScope[] scopes = [.. Enumerable.Range(1, 7).Select(ScopeOf)];
        FactFollower[] followers = [.. scopes.Select(scope => new FactFollower(Store, scope))];
        Dictionary<string, MemoryFact> model = [];
        var begun = new Queue<(MemoryFact Fact, Func<Task> Commit)>();
        for (int step = 0; step < 150; step++)
        {
            await StepAsync(random, scopes, model, begun, step);
            foreach (FactFollower follower in followers.Where(_ => random.Next(3) == 0))
            {
                await follower.CatchUpAsync();
                Assert.True(
                    follower.Known.SequenceEqual(
                        model.Values.Where(fact => follower.Scope.Shows(OwnerOf(fact))).OrderBy(fact => fact.Id, StringComparer.Ordinal)
                    ),
                    $"seed {seed}, step {step}: {follower.Scope} does not know what is stored"
                );
            }
        }

        while (begun.TryDequeue(out (MemoryFact Fact, Func<Task> Commit) late))
        {
            await late.Commit();
        }
    }

    private MemoryScope OwnerOf(MemoryFact fact) => Scope(fact.Agent, fact.User, fact.Session);

    private async Task StepAsync(
        Random random,
        MemoryScope[] scopes,
        Dictionary<string, MemoryFact> model,
        Queue<(MemoryFact Fact, Func<Task> Commit)> begun,
        int step
    )
    {
        MemoryScope scope = scopes[random.Next(scopes.Length)];
        MemoryFact? some = model.Count == 0 ? null : model.Values.ElementAt(random.Next(model.Count));
        MemoryFact fact = New(scope, $"{step}");
        switch (random.Next(9))
        {
            case 0 when begun.Count < 3:
                begun.Enqueue((fact, await fixture.BeginAsync(Recording(scope, fact))));
                break;
            case 1 when begun.TryDequeue(out (MemoryFact Fact, Func<Task> Commit) late):
                await late.Commit();
                model.Add(late.Fact.Id, late.Fact);
                break;
            case 2 when some is not null:
                FactChangeResult changed = await Store.ChangeAsync(Change(some, $"{step}"), None);
                model[some.Id] = changed.Fact!;
                break;
            case 3 when some is not null:
                Assert.True(await Store.DeleteAsync(_tenant, some.Id, Start, None));
                model.Remove(some.Id);
                break;
            case 4 when some is not null:
                Assert.True(
                    await Store.ApplyAsync(
                        new FactDistillation
                        {
                            Scope = OwnerOf(some),
                            Turns = [],
                            Retired = [new(some.Id, some.Version)],
                            At = Start,
                        },
                        None
                    )
                );
                model.Remove(some.Id);
                break;
            case 5 when random.Next(5) == 0:
                while ((await Store.ClearAsync(scope, Start, 3, None)).More) { }

                foreach (MemoryFact cleared in model.Values.Where(stored => scope.Shows(OwnerOf(stored))).ToList())
                {
                    model.Remove(cleared.Id);
                }

                break;
            case 6 when some is not null:
                await Store.SaveVectorsAsync(_tenant, Model, [new(some.Id, some.Version, Vector)], None);
                break;
            default:
                await Store.RecordAsync(Recording(scope, fact), None);
                model.Add(fact.Id, fact);
                break;
        }
    }
}
