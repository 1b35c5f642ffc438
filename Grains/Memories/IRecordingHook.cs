using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Memories;

/// <summary>
/// Background work that a recording gives occasion to. All registered hooks are told of each recording, after it is durable.
/// </summary>
/// <remarks>
/// A hook only tells somebody else: it does not wait for the work, and the work is found again without it when the silo ends before it was
/// told.
/// </remarks>
internal interface IRecordingHook
{
    /// <summary>Tells of a recording that this call has stored.</summary>
    /// <param name="recording">What was recorded.</param>
    /// <returns>A task that ends as soon as the word is on its way. What it throws is logged by the caller and fails nothing.</returns>
    Task RecordedAsync(FactRecording recording);
}
