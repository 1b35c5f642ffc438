using System.Text.Json;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>The working memory of conversations, with a text to begin with where nothing has been stored yet.</summary>
/// <remarks>
/// Ports the working-memory methods of Arshai's <c>MemoryManagerService</c>. Which manager is behind it is chosen where it is registered.
/// </remarks>
public sealed class WorkingMemoryService
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
        Encoder = LoneSurrogateEncoder.Instance,
    };

    private readonly IMemoryManager _manager;

    /// <summary>Makes a service.</summary>
    /// <param name="manager">Where memories are kept.</param>
    public WorkingMemoryService(IMemoryManager manager)
    {
        ArgumentNullException.ThrowIfNull(manager);
        _manager = manager;
    }

    /// <summary>Stores the working memory of a conversation; see <see cref="IMemoryManager.StoreAsync"/>.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="memoryData">
    /// A <see cref="WorkingMemory"/>. Anything else is written as JSON with an indentation of two, a string in its quotes, and what cannot
    /// be is taken by its <see cref="object.ToString"/>.
    /// </param>
    /// <param name="metadata">The caller's own properties; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The key of the memory.</returns>
    public Task<string> StoreWorkingMemoryAsync(
        string conversationId,
        object? memoryData,
        IReadOnlyDictionary<string, object?>? metadata = null,
        CancellationToken cancellationToken = default
    ) => _manager.StoreAsync(Input(conversationId) with { Data = [ToMemory(memoryData)], Metadata = metadata }, cancellationToken);

    /// <summary>Reads the working memory of a conversation.</summary>
    /// <param name="conversationId">The conversation; <see langword="null"/> or empty when there is none yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memory; <see cref="WorkingMemory.InitializeMemory"/> when there is no conversation or nothing is stored.</returns>
    public async Task<WorkingMemory> RetrieveWorkingMemoryAsync(string? conversationId, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrEmpty(conversationId))
        {
            return WorkingMemory.InitializeMemory();
        }

        IReadOnlyList<WorkingMemory> found = await _manager.RetrieveAsync(Input(conversationId), cancellationToken);
        return found.Count > 0 ? found[0] : WorkingMemory.InitializeMemory();
    }

    /// <summary>Replaces the text of a conversation's working memory; see <see cref="IMemoryManager.UpdateAsync"/>.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="memoryData">The new memory.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the new text can be read.</returns>
    public Task UpdateWorkingMemoryAsync(string conversationId, WorkingMemory memoryData, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(memoryData);
        return _manager.UpdateAsync(Input(conversationId) with { Data = [memoryData] }, cancellationToken);
    }

    /// <summary>Removes the working memory of a conversation; see <see cref="IMemoryManager.DeleteAsync"/>.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the memory can no longer be read.</returns>
    public Task DeleteWorkingMemoryAsync(string conversationId, CancellationToken cancellationToken = default) =>
        _manager.DeleteAsync(Input(conversationId), cancellationToken);

    private static MemoryInput Input(string conversationId) =>
        new() { ConversationId = conversationId, MemoryType = ConversationMemoryType.WorkingMemory };

    private static WorkingMemory ToMemory(object? data)
    {
        if (data is WorkingMemory memory)
        {
            return memory;
        }

        try
        {
            return new WorkingMemory(JsonSerializer.Serialize(data, Readable));
        }
        catch (Exception failure) when (failure is NotSupportedException or JsonException)
        {
            return new WorkingMemory(data?.ToString() ?? string.Empty);
        }
    }
}
