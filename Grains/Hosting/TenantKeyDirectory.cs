using System.Collections.Immutable;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Tenants;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Hosting;

/// <summary>The keys of all tenants, as this silo knows them.</summary>
/// <param name="store">Where they are read; <see langword="null"/> where they cannot be.</param>
internal sealed class TenantKeyDirectory(ITenantKeyStore? store = null) : ITenantKeyDirectory
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile ImmutableDictionary<string, KnownKeys> _tenants = ImmutableDictionary.Create<string, KnownKeys>(
        StringComparer.Ordinal
    );
    private volatile bool _isRead = store is null;
    private int _round;

    /// <inheritdoc />
    public ImmutableArray<TenantApiKey> Find(string tenant) =>
        _tenants.TryGetValue(tenant, out KnownKeys? known) ? known.Keys
        : _isRead ? []
        : throw new MemoryUnavailableException(RetryAfter);

    /// <inheritdoc />
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        if (store is null)
        {
            return;
        }

        int round = Interlocked.Increment(ref _round);
        List<(string Tenant, TenantSettings Settings)> read = await store.ReadAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            // What was set here while the store was read may be newer than what was read.
            var tenants = _tenants.Where(known => known.Value.Round >= round).ToImmutableDictionary(StringComparer.Ordinal).ToBuilder();
            foreach ((string tenant, TenantSettings settings) in read)
            {
                tenants.TryAdd(tenant, new KnownKeys(KeysOf(TenantValidation.Check(settings)), round - 1));
            }

            _tenants = tenants.ToImmutable();
            _isRead = true;
        }
    }

    /// <summary>Takes over what was set through this silo.</summary>
    public void Learn(string tenant, TenantSettings settings)
    {
        lock (_gate)
        {
            _tenants = _tenants.SetItem(tenant, new KnownKeys(KeysOf(settings), Volatile.Read(ref _round)));
        }
    }

    // Hashes of releases before keys had roles stand in a list of their own.
    private static ImmutableArray<TenantApiKey> KeysOf(TenantSettings settings) =>
        [.. settings.ApiKeys, .. settings.ApiKeyHashes.Select(static hash => new TenantApiKey { Hash = hash })];

    private sealed record KnownKeys(ImmutableArray<TenantApiKey> Keys, int Round);
}
