using System.Globalization;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>
/// Working memory with a list of rich memories beside it: the newest is the working memory, all of them can be asked for by importance.
/// </summary>
/// <remarks>
/// Ports the example of Arshai's document. The list is kept in the namespace <see cref="Namespace"/> of an <see cref="IMemoryStore"/>, a
/// value per memory, so that two writers never overwrite each other; it is durable where the store is. Memories of one process keep their
/// order; between processes the clocks decide. The list counts against the limits of a conversation's entries: give it a time to live, or
/// remove what is no longer needed.
/// </remarks>
public sealed class EnhancedMemoryManager
{
    /// <summary>The namespace that rich memories are kept in.</summary>
    public const string Namespace = "rich-memory";

    /// <summary>The least importance of a memory that is asked for unless another one is given.</summary>
    public const int DefaultMinImportance = 7;

    private readonly IMemoryManager _manager;
    private readonly IMemoryStore _store;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _timeToLive;
    private long _order;

    /// <summary>Makes a manager.</summary>
    /// <param name="manager">Where working memory is kept.</param>
    /// <param name="store">Where rich memories are kept.</param>
    /// <param name="time">The clock that orders rich memories; <see langword="null"/> takes the system's.</param>
    /// <param name="timeToLive">How long a rich memory lives; <see langword="null"/> without end.</param>
    public EnhancedMemoryManager(IMemoryManager manager, IMemoryStore store, TimeProvider? time = null, TimeSpan? timeToLive = null)
    {
        ArgumentNullException.ThrowIfNull(manager);
        ArgumentNullException.ThrowIfNull(store);
        _manager = manager;
        _store = store;
        _time = time ?? TimeProvider.System;
        _timeToLive = timeToLive;
    }

    /// <summary>Makes a memory the working memory of a conversation, and adds it to the conversation's rich memories.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// A task that ends when both are stored. A failure in between leaves the working memory without its place in the list.
    /// </returns>
    /// <exception cref="InvalidRequestException">The importance is not 1 to 10, or the conversation's id is not valid.</exception>
    public async Task StoreRichMemoryAsync(string conversationId, RichMemory memory, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (memory.Importance is < RichMemory.MinImportance or > RichMemory.MaxImportance)
        {
            throw new InvalidRequestException(
                "importance",
                FormattableString.Invariant($"An importance is {RichMemory.MinImportance} to {RichMemory.MaxImportance}.")
            );
        }

        var input = new MemoryInput
        {
            ConversationId = conversationId,
            MemoryType = ConversationMemoryType.WorkingMemory,
            Data = [new WorkingMemory(memory.Content)],
        };
        await _manager.StoreAsync(input, cancellationToken);
        await _store.SaveAsync(conversationId, Namespace, NewKey(), memory, _timeToLive, cancellationToken);
    }

    /// <summary>Reads the memories of a conversation that are important enough.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="minImportance">The least importance.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memories, oldest first; none for an unknown conversation.</returns>
    public async Task<IReadOnlyList<RichMemory>> GetImportantMemoriesAsync(
        string conversationId,
        int minImportance = DefaultMinImportance,
        CancellationToken cancellationToken = default
    )
    {
        Dictionary<string, RichMemory?> all = await _store.GetAllAsync<RichMemory>(conversationId, Namespace, cancellationToken);
        return
        [
            .. all.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => pair.Value)
                .OfType<RichMemory>()
                .Where(memory => memory.Importance >= minImportance),
        ];
    }

    // The instant orders memories, the counter those of one instant in this process, and the rest makes the key unique.
    private string NewKey() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_time.GetUtcNow().UtcTicks:D19}.{Interlocked.Increment(ref _order):D19}.{Guid.NewGuid():N}"
        );
}
