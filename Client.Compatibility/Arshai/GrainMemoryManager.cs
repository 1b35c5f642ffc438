using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>A memory manager over the entries of conversations: durable, and the same for every process that reaches the grains.</summary>
/// <remarks>
/// A memory is the entry of the space <see cref="EntrySpaces.WorkingMemory"/> whose key is the name of its kind; it is served over HTTP at
/// <c>working-memory/{type}</c> and exported with the conversation. Storing into an unknown conversation creates it; nothing else does.
/// Expiry goes by the clock of the grains. Texts and metadata are kept in the clear: they are as private as the conversation.
/// </remarks>
public sealed class GrainMemoryManager : IMemoryManager, IMemoryStorage
{
    private readonly ConversationClient _client;
    private readonly string? _tenant;
    private readonly TimeSpan? _timeToLive;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Makes a manager with the system's clock that logs nothing.</summary>
    /// <param name="client">Where the conversations are.</param>
    public GrainMemoryManager(ConversationClient client)
        : this(client, new MemoryManagerOptions(), TimeProvider.System, NullLogger<GrainMemoryManager>.Instance) { }

    /// <summary>Makes a manager.</summary>
    /// <param name="client">Where the conversations are.</param>
    /// <param name="options">The tenant and the time to live.</param>
    /// <param name="time">The clock of <c>created_at</c> and <c>last_update</c>; not that of expiry.</param>
    /// <param name="logger">Where warnings go. Content and ids never do.</param>
    /// <exception cref="ArgumentException">The time to live is out of range.</exception>
    public GrainMemoryManager(
        ConversationClient client,
        MemoryManagerOptions options,
        TimeProvider time,
        ILogger<GrainMemoryManager> logger
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        _client = client;
        _tenant = options.Tenant;
        _timeToLive = options.FindTimeToLiveFault() is { } fault ? throw new ArgumentException(fault, nameof(options)) : options.TimeToLive;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc />
    public async Task<string> StoreAsync(MemoryInput input, CancellationToken cancellationToken = default)
    {
        string text = MemoryRequest.CheckText(input, "store");
        string metadata = WorkingMemoryValue.WriteMetadata(input.Metadata);
        await Open(input.ConversationId).PutAsync(input.MemoryType, text, metadata, _timeToLive, turnId: null, cancellationToken);
        return input.MemoryType.ToKey(input.ConversationId);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<WorkingMemory>> RetrieveAsync(MemoryInput input, CancellationToken cancellationToken = default)
    {
        MemoryRequest.Check(input);
        try
        {
            Entry? entry = await Open(input.ConversationId).FindAsync(input.MemoryType, cancellationToken);
            return entry is null ? [] : [new WorkingMemory(WorkingMemoryValue.Read(entry.Value).Text)];
        }
        catch (ConversationNotFoundException)
        {
            return [];
        }
    }

    /// <inheritdoc />
    /// <exception cref="ConditionFailedException">
    /// Others changed the same memory first a thousand times in a row; nothing was changed.
    /// </exception>
    public async Task UpdateAsync(MemoryInput input, CancellationToken cancellationToken = default)
    {
        string text = MemoryRequest.CheckText(input, "update");
        TurnReceipt? receipt = null;
        try
        {
            receipt = await Open(input.ConversationId).UpdateAsync(input.MemoryType, text, turnId: null, cancellationToken);
        }
        catch (ConversationNotFoundException)
        {
            // Logged as any other memory that is not there.
        }

        if (receipt is null)
        {
            WorkingMemoryLog.NothingToUpdate(_logger);
        }
    }

    /// <inheritdoc />
    public async Task DeleteAsync(MemoryInput input, CancellationToken cancellationToken = default)
    {
        MemoryRequest.Check(input);
        try
        {
            await Open(input.ConversationId).DeleteAsync(input.MemoryType, turnId: null, cancellationToken);
        }
        catch (ConversationNotFoundException)
        {
            // Nothing to remove.
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<string, StoredWorkingMemory>> GetStorageAsync(
        string conversationId,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            return (await Open(conversationId).ListAsync(cancellationToken))
                .Select(found => WorkingMemoryValue.Read(found.Entry.Value).ToStored(conversationId, found.Type, found.Entry.ExpiresAt))
                .ToDictionary(memory => memory.Key, StringComparer.Ordinal);
        }
        catch (ConversationNotFoundException)
        {
            return new Dictionary<string, StoredWorkingMemory>(StringComparer.Ordinal);
        }
    }

    /// <inheritdoc />
    public async Task<StorageStatistics> GetStatisticsAsync(string conversationId, CancellationToken cancellationToken = default) =>
        StorageStatistics.Of(await GetStorageAsync(conversationId, cancellationToken));

    /// <inheritdoc />
    /// <exception cref="ConditionFailedException">Others stored memories first a thousand times in a row; nothing was removed.</exception>
    public async Task ClearExpiredAsync(string conversationId, CancellationToken cancellationToken = default)
    {
        try
        {
            await Open(conversationId).ClearExpiredAsync(cancellationToken);
        }
        catch (ConversationNotFoundException)
        {
            // Nothing to remove.
        }
    }

    private WorkingMemoryEntries Open(string conversationId)
    {
        MemoryStore.SessionAddress.CheckId(conversationId, "conversationId");
        return new WorkingMemoryEntries(_tenant is null ? _client.Get(conversationId) : _client.Get(_tenant, conversationId), _time);
    }
}
