namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryFactStore
{
    /// <summary>What every memory uses that is neither retired nor deleted, counted now.</summary>
    /// <returns>One row per memory.</returns>
    public IReadOnlyList<FactUsage> CountFacts()
    {
        lock (_lock)
        {
            return
            [
                .. _byPosition
                    .Where(static held => held.State == FactState.Live)
                    .Select(static held => new FactUsage(held.Scope.Tenant, held.Scope.User, held.Bytes, held.Fact.UpdatedAt)),
            ];
        }
    }
}

/// <summary>What a memory uses.</summary>
/// <param name="User">Its user; <see langword="null"/> for none.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
internal readonly record struct FactUsage(string Tenant, string? User, long Bytes, DateTimeOffset UpdatedAt);
