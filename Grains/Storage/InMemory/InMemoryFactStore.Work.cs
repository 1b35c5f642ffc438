using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryFactStore
{
    /// <inheritdoc />
    public Task<IReadOnlyList<MemoryScope>> FindScopesToEmbedAsync(string model, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<MemoryScope>>(
            () => [.. _byPosition.Where(held => LacksVector(held, model)).Select(held => held.Scope).Distinct().Take(limit)],
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredFact>> ReadToEmbedAsync(
        MemoryScope scope,
        string model,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Locked<IReadOnlyList<StoredFact>>(
            () =>
                [
                    .. _byPosition
                        .Where(held => LacksVector(held, model) && held.Scope.Equals(scope))
                        .Take(limit)
                        .Select(held => ToStored(held, model)),
                ],
            cancellationToken
        );

    /// <inheritdoc />
    public Task<int> SaveVectorsAsync(
        string tenant,
        string model,
        IReadOnlyList<FactVector> vectors,
        CancellationToken cancellationToken
    ) =>
        Locked(
            () =>
            {
                int saved = 0;
                foreach (FactVector vector in vectors)
                {
                    if (Find(tenant, vector.Id) is { State: FactState.Live } held && held.Fact.Version == vector.Version)
                    {
                        held.Vector = (model, vector.Vector.ToArray());
                        Changed(held);
                        saved++;
                    }
                }

                return saved;
            },
            cancellationToken
        );

    /// <inheritdoc />
    public bool FindsNearest(int dimensions) => false;

    /// <inheritdoc />
    public Task<IReadOnlyList<VectorHit>?> FindNearestAsync(NearestFacts search, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<VectorHit>?>(null);

    /// <inheritdoc />
    public Task<IReadOnlyList<MemoryScope>> FindScopesToExtractAsync(int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<MemoryScope>>(
            () => [.. _byPosition.Where(Waits).Select(held => held.Scope).Distinct().Take(limit)],
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredFact>> ReadToExtractAsync(MemoryScope scope, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<StoredFact>>(
            () =>
                [
                    .. _byPosition
                        .Where(held => Waits(held) && held.Scope.Equals(scope))
                        .Take(limit)
                        .Select(held => ToStored(held, model: null)),
                ],
            cancellationToken
        );

    /// <inheritdoc />
    public Task<bool> ApplyAsync(FactDistillation distillation, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                if (
                    !distillation.Turns.All(id => Owned(distillation, id) is { } held && Waits(held))
                    || !distillation.Revised.All(revision => HasVersion(distillation, revision.Id, revision.ExpectedVersion))
                    || !distillation.Retired.All(retirement => HasVersion(distillation, retirement.Id, retirement.ExpectedVersion))
                )
                {
                    return false;
                }

                Apply(distillation);
                return true;
            },
            cancellationToken
        );

    private static bool LacksVector(HeldFact held, string model) =>
        held.State == FactState.Live && !string.Equals(held.Vector?.Model, model, StringComparison.Ordinal);

    private static bool Waits(HeldFact held) => held is { State: FactState.Live, Extracts: true };

    private HeldFact? Owned(FactDistillation distillation, string id) =>
        _byId.TryGetValue(id, out HeldFact? held) && held.Scope.Equals(distillation.Scope) ? held : null;

    private bool HasVersion(FactDistillation distillation, string id, long version) =>
        Owned(distillation, id) is { State: FactState.Live } held && held.Fact.Version == version;

    private void Apply(FactDistillation distillation)
    {
        foreach (string id in distillation.Turns)
        {
            _byId[id].Extracts = false;
        }

        foreach (MemoryFact fact in distillation.Added)
        {
            Add(distillation.Scope, fact).MarkDistilled();
        }

        foreach (FactRevision revision in distillation.Revised)
        {
            HeldFact held = _byId[revision.Id];
            MemoryFact fact = held.Fact;
            held.Revise(fact with { Text = revision.Text, Version = fact.Version + 1, UpdatedAt = distillation.At }, byExtractor: true);
            Changed(held);
        }

        foreach (FactRetirement retirement in distillation.Retired)
        {
            HeldFact held = _byId[retirement.Id];
            held.Retire(distillation.At);
            Changed(held);
        }
    }
}
