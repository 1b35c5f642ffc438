using OrleansMemory.Client.Compatibility.InMemory;

namespace OrleansMemory.Client.Compatibility.MemoryStore;

/// <summary>A store of sessions in this process, for tests and single-process tools. It forgets everything when the process ends.</summary>
/// <remarks>
/// It keeps the contract of <see cref="GrainMemoryStore"/>: values are kept as JSON, so that none is shared by reference. It has no limit
/// on the size of a value. What has expired is dropped with the next call of any method, and nothing is kept of an empty session.
/// </remarks>
public sealed class InMemoryMemoryStore : IMemoryStore
{
    private readonly ExpiringEntries<(string Session, string Namespace), string> _entries;
    private readonly ValueFormat _format;

    /// <summary>Makes an empty store.</summary>
    /// <param name="time">The clock of expiries; <see langword="null"/> takes the system's.</param>
    /// <param name="options">How values are written; <see langword="null"/> for the default.</param>
    public InMemoryMemoryStore(TimeProvider? time = null, MemoryStoreOptions? options = null)
    {
        _entries = new ExpiringEntries<(string Session, string Namespace), string>(time ?? TimeProvider.System);
        _format = new ValueFormat(options?.SerializerOptions);
    }

    /// <summary>How many namespaces, values and expiries are held, expired ones included.</summary>
    internal (int Namespaces, int Values, int Expiries) Held => _entries.Held;

    /// <inheritdoc />
    public Task SaveAsync<T>(
        string sessionId,
        string sessionNamespace,
        string key,
        T value,
        TimeSpan? ttl = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        SessionAddress.Check(sessionId, sessionNamespace, key);
        string json = _format.Write(value, "value");
        ttl = EntryTime.Meant(ttl);
        if (ttl < TimeSpan.Zero)
        {
            _entries.Remove((sessionId, sessionNamespace), key);
        }
        else
        {
            TimeSpan? kept = ttl is null || ttl == TimeSpan.Zero ? null : EntryTime.Kept(ttl.Value, "ttl");
            _entries.Set((sessionId, sessionNamespace), key, json, kept);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<T?> LoadAsync<T>(
        string sessionId,
        string sessionNamespace,
        string key,
        CancellationToken cancellationToken = default
    ) => (await TryLoadAsync<T>(sessionId, sessionNamespace, key, cancellationToken)).Value;

    /// <inheritdoc />
    public Task<LoadedValue<T>> TryLoadAsync<T>(
        string sessionId,
        string sessionNamespace,
        string key,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        SessionAddress.Check(sessionId, sessionNamespace, key);
        return Task.FromResult(
            _entries.TryGet((sessionId, sessionNamespace), key, out string? json)
                ? new LoadedValue<T>(true, _format.Read<T>(json))
                : default
        );
    }

    /// <inheritdoc />
    public Task<Dictionary<string, T?>> GetAllAsync<T>(
        string sessionId,
        string sessionNamespace,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        SessionAddress.Check(sessionId, sessionNamespace);
        return Task.FromResult(
            _entries
                .List((sessionId, sessionNamespace))
                .ToDictionary(entry => entry.Key, entry => _format.Read<T>(entry.Value), StringComparer.Ordinal)
        );
    }

    /// <inheritdoc />
    public Task DeleteAsync(string sessionId, string sessionNamespace, string key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SessionAddress.Check(sessionId, sessionNamespace, key);
        _entries.Remove((sessionId, sessionNamespace), key);
        return Task.CompletedTask;
    }
}
