using OrleansMemory.Errors;

namespace OrleansMemory.Memories;

/// <summary>The long-term memories of one scope. The grain's key is <see cref="MemoryScope.ToString"/>.</summary>
/// <remarks>
/// <para>A memory belongs to the agent, user and session it was recorded for, as far as they were named. A scope shows every memory that
/// has all of the names that the scope has, whichever scope recorded it: what one scope records, every other one that shares it recalls
/// from then on.</para>
/// <para>Every method throws <see cref="InvalidRequestException"/> when the key or an argument is not valid,
/// <see cref="PayloadTooLargeException"/> when something is larger than its limit, and <see cref="MemoryUnavailableException"/> when the
/// store cannot be reached.</para>
/// </remarks>
[Alias("OrleansMemory.IMemoryGrain")]
public interface IMemoryGrain : IGrainWithStringKey
{
    /// <summary>Records memories: durable, all of them or none, before the call returns.</summary>
    /// <param name="request">What to record.</param>
    /// <param name="cancellationToken">Ends the wait; the outcome is unknown then, and a key makes the call repeatable.</param>
    /// <returns>The ids.</returns>
    /// <exception cref="RecordConflictException">The key was used before with other memories.</exception>
    [Alias("Record")]
    Task<RecordReceipt> RecordAsync(RecordRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds the memories that answer a question best. It sees all that was durable when it began, whichever scope or silo recorded it.
    /// </summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The memories, the best first.</returns>
    [Alias("Recall")]
    Task<RecallResult> RecallAsync(RecallRequest request, CancellationToken cancellationToken = default);

    /// <summary>Deletes every memory of the scope, with its history.</summary>
    /// <param name="cancellationToken">Ends the work between two steps; what was removed stays removed.</param>
    /// <returns>How many were deleted.</returns>
    [Alias("Clear")]
    [ResponseTimeout("01:00:00")]
    Task<long> ClearAsync(CancellationToken cancellationToken = default);
}
