using System.Collections.Immutable;
using OrleansMemory.Client.Compatibility.InMemory;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.MemoryStore;

/// <summary>
/// A store of sessions over the entries of conversations: durable, and the same for every process that reaches the grains.
/// </summary>
/// <remarks>
/// A namespace is the space <see cref="EntrySpaces.Session"/>; what is saved here is read over HTTP at <c>entries/{namespace}/{key}</c> and
/// exported with the conversation. The namespace <see cref="MemoryStoreNamespaces.UserGlobals"/> is the space of user globals. Saving into
/// an unknown session creates the conversation; reading and removing never do. Expiry goes by the clock of the grains. Besides
/// <see cref="InvalidRequestException"/> its methods throw what the client does: a value over the grains' limit is a
/// <see cref="PayloadTooLargeException"/>.
/// </remarks>
public sealed class GrainMemoryStore : IMemoryStore
{
    private readonly ConversationClient _client;
    private readonly string? _tenant;
    private readonly ValueFormat _format;

    /// <summary>Makes a store.</summary>
    /// <param name="client">Where the conversations are.</param>
    /// <param name="options">The tenant and how values are written; <see langword="null"/> for the defaults.</param>
    public GrainMemoryStore(ConversationClient client, MemoryStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _tenant = options?.Tenant;
        _format = new ValueFormat(options?.SerializerOptions);
    }

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
        SessionAddress.Check(sessionId, sessionNamespace, key);
        string json = _format.Write(value, "value");
        ttl = EntryTime.Meant(ttl);
        if (ttl < TimeSpan.Zero)
        {
            return DeleteAsync(sessionId, sessionNamespace, key, cancellationToken);
        }

        TimeSpan? kept = ttl is null || ttl == TimeSpan.Zero ? null : EntryTime.Kept(ttl.Value, "ttl");
        return Get(sessionId).SetEntryAsync(SpaceOf(sessionNamespace), key, json, kept, turnId: null, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<T?> LoadAsync<T>(
        string sessionId,
        string sessionNamespace,
        string key,
        CancellationToken cancellationToken = default
    ) => (await TryLoadAsync<T>(sessionId, sessionNamespace, key, cancellationToken)).Value;

    /// <inheritdoc />
    public async Task<LoadedValue<T>> TryLoadAsync<T>(
        string sessionId,
        string sessionNamespace,
        string key,
        CancellationToken cancellationToken = default
    )
    {
        SessionAddress.Check(sessionId, sessionNamespace, key);
        try
        {
            Entry? entry = await Get(sessionId).GetEntryAsync(SpaceOf(sessionNamespace), key, cancellationToken);
            return entry is null ? default : new LoadedValue<T>(true, _format.Read<T>(entry.Value));
        }
        catch (ConversationNotFoundException)
        {
            return default;
        }
    }

    /// <inheritdoc />
    public async Task<Dictionary<string, T?>> GetAllAsync<T>(
        string sessionId,
        string sessionNamespace,
        CancellationToken cancellationToken = default
    )
    {
        SessionAddress.Check(sessionId, sessionNamespace);
        try
        {
            ImmutableArray<Entry> entries = await Get(sessionId).GetEntriesAsync(SpaceOf(sessionNamespace), cancellationToken);
            return entries.ToDictionary(entry => entry.Key, entry => _format.Read<T>(entry.Value), StringComparer.Ordinal);
        }
        catch (ConversationNotFoundException)
        {
            return new Dictionary<string, T?>(StringComparer.Ordinal);
        }
    }

    /// <inheritdoc />
    public async Task DeleteAsync(string sessionId, string sessionNamespace, string key, CancellationToken cancellationToken = default)
    {
        SessionAddress.Check(sessionId, sessionNamespace, key);
        try
        {
            await Get(sessionId).DeleteEntryAsync(SpaceOf(sessionNamespace), key, turnId: null, cancellationToken);
        }
        catch (ConversationNotFoundException)
        {
            // Nothing to remove.
        }
    }

    private static string SpaceOf(string sessionNamespace) =>
        sessionNamespace == MemoryStoreNamespaces.UserGlobals ? EntrySpaces.Globals : EntrySpaces.Session(sessionNamespace);

    private Conversation Get(string sessionId) => _tenant is null ? _client.Get(sessionId) : _client.Get(_tenant, sessionId);
}
