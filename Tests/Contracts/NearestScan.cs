using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>
/// Generated memories with vectors, and what a scan of them finds: what <see cref="IFactStore.FindNearestAsync"/> must find too.
/// </summary>
internal sealed class NearestScan
{
    public const int Dimensions = 24;
    public const string Model = "nearest@24";

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly int _seed;
    private readonly string _tenant = $"t{Guid.NewGuid():N}";
    private readonly Dictionary<string, (MemoryScope Owner, MemoryFact Fact, float[] Vector)> _memories = new(StringComparer.Ordinal);

    public NearestScan(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
    }

    public MemoryScope Scope => MemoryScope.Create(_tenant, user: "u");

    /// <summary>Records memories of several owners, most of them with vectors of several lengths, some about to expire.</summary>
    public async Task RecordAsync(IFactStore store, int count)
    {
        MemoryScope[] owners =
        [
            Scope,
            MemoryScope.Create(_tenant, "a", "u"),
            MemoryScope.Create(_tenant, "a", "u", "s"),
            MemoryScope.Create(_tenant, user: "v"),
        ];
        foreach (MemoryScope owner in owners)
        {
            MemoryFact[] facts = [.. Enumerable.Range(0, count).Select(_ => New(owner))];
            await store.RecordAsync(
                new FactRecording
                {
                    Scope = owner,
                    Facts = [.. facts],
                    PayloadHash = [1],
                    At = Start,
                },
                CancellationToken.None
            );
            var vectors = new List<FactVector>();
            foreach (MemoryFact fact in facts.Where(_ => _random.Next(10) > 0))
            {
                float[] vector = NewVector((float)Math.Pow(10, _random.Next(-25, 25)));
                _memories.Add(fact.Id, (owner, fact, vector));
                vectors.Add(new FactVector(fact.Id, 1, vector));
            }

            await store.SaveVectorsAsync(_tenant, Model, vectors, CancellationToken.None);
        }
    }

    /// <summary>Deletes one memory in ten, gives another a new text, and a third another model.</summary>
    public async Task ChangeAsync(IFactStore store)
    {
        foreach ((string id, (_, MemoryFact fact, float[] vector)) in _memories.ToArray())
        {
            switch (_random.Next(10))
            {
                case 0:
                    await store.DeleteAsync(_tenant, id, Start, CancellationToken.None);
                    break;
                case 1:
                    await store.ChangeAsync(
                        new FactChange
                        {
                            Tenant = _tenant,
                            Id = id,
                            Text = "another",
                            At = Start,
                        },
                        CancellationToken.None
                    );
                    break;
                case 2:
                    await store.SaveVectorsAsync(_tenant, "another@24", [new FactVector(id, fact.Version, vector)], CancellationToken.None);
                    break;
                case 3:
                    await store.SaveVectorsAsync(_tenant, Model, [new FactVector(id, fact.Version, default)], CancellationToken.None);
                    break;
                default:
                    continue;
            }

            _memories.Remove(id);
        }
    }

    /// <summary>Compares some searches of the store with scans.</summary>
    public async Task CompareAsync(IFactStore store)
    {
        IReadOnlyList<StoredFact> shown = await store.ReadScopeAsync(
            new ScopeRead(Scope, Model, null, int.MaxValue, long.MaxValue),
            CancellationToken.None
        );
        for (int i = 0; i < 20; i++)
        {
            NearestFacts search = NewSearch(shown);
            var index = new VectorIndex(Dimensions);
            foreach ((string id, (MemoryScope owner, MemoryFact fact, float[] vector)) in _memories)
            {
                long position = shown.FirstOrDefault(stored => stored.Fact.Id == id)?.Position ?? 0;
                if (
                    Scope.Shows(owner)
                    && !(fact.ExpiresAt <= search.At)
                    && (search.Kind is null || search.Kind == fact.Kind)
                    && position >= search.From
                    && search.Labels.All(MetadataLabels.Of(fact.Metadata).Contains)
                )
                {
                    index.Put(id, vector);
                }
            }

            // Memories that are equally near, but for rounding, may change places.
            VectorHit[] all = index.Search(search.Vector.Span, Math.Max(1, index.Count));
            var similarities = all.ToDictionary(hit => hit.Id, hit => hit.Similarity, StringComparer.Ordinal);
            IReadOnlyList<VectorHit>? found = await store.FindNearestAsync(search, CancellationToken.None);
            Assert.True(
                found is not null
                    && found.Select(hit => hit.Id).Distinct().Count() == Math.Min(all.Length, search.Limit)
                    && found.Zip(all).All(pair => AreEqual(pair.First.Similarity, pair.Second.Similarity))
                    && found.All(hit => similarities.TryGetValue(hit.Id, out float similarity) && AreEqual(similarity, hit.Similarity)),
                $"seed {_seed}, search {i}: the store and the scan find other memories"
            );
        }
    }

    public NearestFacts NewSearch(IReadOnlyList<StoredFact> shown) =>
        new()
        {
            Scope = Scope,
            Model = Model,
            Vector = NewVector(3),
            Kind = _random.Next(3) switch
            {
                0 => MemoryKind.Fact,
                1 => MemoryKind.Turn,
                _ => null,
            },
            Labels = _random.Next(3) == 0 ? [$"n={_random.Next(3)}"] : [],
            From = _random.Next(3) == 0 && shown.Count > 0 ? shown[_random.Next(shown.Count)].Position : 0,
            Limit = _random.Next(1, 60),
            At = Start.AddMinutes(_random.Next(3)),
        };

    private static bool AreEqual(float one, float other) => Math.Abs(one - other) < 1e-5f;

    private MemoryFact New(MemoryScope owner) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString("N"),
            Kind = _random.Next(2) == 0 ? MemoryKind.Fact : MemoryKind.Turn,
            Agent = owner.Agent,
            User = owner.User,
            Session = owner.Session,
            Text = "text",
            Metadata = FormattableString.Invariant($$"""{"n":{{_random.Next(3)}}}"""),
            ExpiresAt = _random.Next(4) == 0 ? Start.AddMinutes(1) : null,
            OccurredAt = Start,
            CreatedAt = Start,
            UpdatedAt = Start,
            Version = 1,
        };

    private float[] NewVector(float length) =>
        [.. Enumerable.Range(0, Dimensions).Select(_ => (float)((_random.NextDouble() - 0.5) * length))];
}
