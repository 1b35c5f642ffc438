using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>What came of one step of distilling.</summary>
/// <param name="Next">
/// When the next step is due: at once, or after a pause because something failed; <see langword="null"/> when nothing waits.
/// </param>
/// <param name="Done">What was done.</param>
internal readonly record struct ExtractionStep(TimeSpan? Next, ExtractionReport Done)
{
    private static readonly ExtractionReport Nothing = new();

    /// <summary>Nothing waits.</summary>
    public static ExtractionStep Idle { get; } = new(null, Nothing);

    /// <summary>Go on at once.</summary>
    /// <param name="done">What was done; <see langword="null"/> for nothing.</param>
    /// <returns>The step.</returns>
    public static ExtractionStep GoOn(ExtractionReport? done = null) => new(TimeSpan.Zero, done ?? Nothing);

    /// <summary>Something failed.</summary>
    /// <param name="pause">How long to wait.</param>
    /// <returns>The step.</returns>
    public static ExtractionStep Pause(TimeSpan pause) => new(pause, Nothing);
}
