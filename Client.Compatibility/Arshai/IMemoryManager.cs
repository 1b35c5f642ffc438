using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>Keeps one memory of each kind for a conversation.</summary>
/// <remarks>
/// Ports Arshai's interface; <c>docs/arshai.md</c> has the mapping. Every method throws <see cref="InvalidRequestException"/> where the
/// conversation's id or the kind is not valid. A memory that has expired is gone for every method from that instant on.
/// </remarks>
public interface IMemoryManager
{
    /// <summary>Stores a memory in place of the one there was: text, metadata, both instants and the time to live are all new.</summary>
    /// <param name="input">The conversation, the kind, the data and the metadata.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The key of the memory, <c>memory:{TYPE}:{conversation id}</c>.</returns>
    /// <exception cref="InvalidRequestException">There is no data, or the metadata cannot be written as JSON.</exception>
    Task<string> StoreAsync(MemoryInput input, CancellationToken cancellationToken = default);

    /// <summary>Reads a memory.</summary>
    /// <param name="input">The conversation and the kind.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memory alone, or nothing.</returns>
    /// <exception cref="UnreadableValueException">What is stored there is no working memory.</exception>
    Task<IReadOnlyList<WorkingMemory>> RetrieveAsync(MemoryInput input, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces the text of a memory. It keeps its metadata, the instant it was made and its time to live. Where there is no memory nothing
    /// happens, and a warning is logged.
    /// </summary>
    /// <param name="input">The conversation, the kind and the data.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the new text can be read.</returns>
    /// <exception cref="InvalidRequestException">There is no data.</exception>
    /// <exception cref="UnreadableValueException">What is stored there is no working memory.</exception>
    Task UpdateAsync(MemoryInput input, CancellationToken cancellationToken = default);

    /// <summary>Removes a memory. Removing what is not there is no error.</summary>
    /// <param name="input">The conversation and the kind.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the memory can no longer be read.</returns>
    Task DeleteAsync(MemoryInput input, CancellationToken cancellationToken = default);
}
