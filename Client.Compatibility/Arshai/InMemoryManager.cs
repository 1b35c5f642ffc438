using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client.Compatibility.InMemory;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>A memory manager in this process, for tests and single-process tools. It forgets everything when the process ends.</summary>
/// <remarks>
/// It keeps the contract of <see cref="GrainMemoryManager"/>. What has expired is dropped with the next call of any method.
/// </remarks>
public sealed class InMemoryManager : IMemoryManager, IMemoryStorage
{
    private readonly ExpiringEntries<string, WorkingMemoryValue> _entries;
    private readonly TimeSpan? _timeToLive;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Makes an empty manager whose memories live 12 hours, with the system's clock, that logs nothing.</summary>
    public InMemoryManager()
        : this(MemoryManagerOptions.DefaultTimeToLive) { }

    /// <summary>Makes an empty manager that logs nothing.</summary>
    /// <param name="ttl">How long a memory lives, 1 microsecond to 36,500 days; <see langword="null"/> without end.</param>
    /// <param name="time">The clock; <see langword="null"/> takes the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="ttl"/> is out of range.</exception>
    public InMemoryManager(TimeSpan? ttl, TimeProvider? time = null)
        : this(new MemoryManagerOptions { TimeToLive = ttl }, time ?? TimeProvider.System, NullLogger<InMemoryManager>.Instance) { }

    /// <summary>Makes an empty manager.</summary>
    /// <param name="options">The time to live.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where warnings go. Content and ids never do.</param>
    /// <exception cref="ArgumentException">The time to live is out of range.</exception>
    public InMemoryManager(MemoryManagerOptions options, TimeProvider time, ILogger<InMemoryManager> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        _entries = new ExpiringEntries<string, WorkingMemoryValue>(time);
        _timeToLive = options.FindTimeToLiveFault() is { } fault ? throw new ArgumentException(fault, nameof(options)) : options.TimeToLive;
        _time = time;
        _logger = logger;
    }

    /// <summary>All memories of all conversations that have not expired: a copy by key, <c>memory:{TYPE}:{conversation id}</c>.</summary>
    public IReadOnlyDictionary<string, StoredWorkingMemory> Storage => ToStorage(_entries.ListAll());

    /// <summary>How many conversations, memories and expiries are held, expired ones included.</summary>
    internal (int Conversations, int Memories, int Expiries) Held => _entries.Held;

    /// <summary>Counts the memories of all conversations.</summary>
    /// <returns>How many there are, and their keys.</returns>
    public StorageStatistics GetStatistics() => StorageStatistics.Of(Storage);

    /// <summary>Drops what has expired, of all conversations. Every other call does so too.</summary>
    /// <returns>How many memories.</returns>
    public int ClearExpired() => _entries.ClearExpired();

    /// <inheritdoc />
    public Task<string> StoreAsync(MemoryInput input, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string text = MemoryRequest.CheckText(input, "store");
        string metadata = WorkingMemoryValue.WriteMetadata(input.Metadata);
        _entries.Set(
            input.ConversationId,
            input.MemoryType.ToName(),
            WorkingMemoryValue.New(text, metadata, _time.GetUtcNow()),
            _timeToLive
        );
        return Task.FromResult(input.MemoryType.ToKey(input.ConversationId));
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<WorkingMemory>> RetrieveAsync(MemoryInput input, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MemoryRequest.Check(input);
        IReadOnlyList<WorkingMemory> found = _entries.TryGet(input.ConversationId, input.MemoryType.ToName(), out WorkingMemoryValue? value)
            ? [new WorkingMemory(value.Text)]
            : [];
        return Task.FromResult(found);
    }

    /// <inheritdoc />
    public Task UpdateAsync(MemoryInput input, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string text = MemoryRequest.CheckText(input, "update");
        DateTimeOffset now = _time.GetUtcNow();
        if (!_entries.TryChange(input.ConversationId, input.MemoryType.ToName(), value => value.With(text, now)))
        {
            WorkingMemoryLog.NothingToUpdate(_logger);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task DeleteAsync(MemoryInput input, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MemoryRequest.Check(input);
        _entries.Remove(input.ConversationId, input.MemoryType.ToName());
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<string, StoredWorkingMemory>> GetStorageAsync(
        string conversationId,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        MemoryStore.SessionAddress.CheckId(conversationId, "conversationId");
        return Task.FromResult<IReadOnlyDictionary<string, StoredWorkingMemory>>(ToStorage(_entries.List(conversationId)));
    }

    /// <inheritdoc />
    public async Task<StorageStatistics> GetStatisticsAsync(string conversationId, CancellationToken cancellationToken = default) =>
        StorageStatistics.Of(await GetStorageAsync(conversationId, cancellationToken));

    /// <inheritdoc />
    public Task ClearExpiredAsync(string conversationId, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MemoryStore.SessionAddress.CheckId(conversationId, "conversationId");
        _entries.ClearExpired();
        return Task.CompletedTask;
    }

    private static Dictionary<string, StoredWorkingMemory> ToStorage(IReadOnlyList<ExpiringEntry<string, WorkingMemoryValue>> entries) =>
        entries
            .Select(entry => entry.Value.ToStored(entry.Group, ConversationMemoryTypes.Parse(entry.Key), entry.ExpiresAt))
            .ToDictionary(memory => memory.Key, StringComparer.Ordinal);
}
