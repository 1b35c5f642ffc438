using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>Tells a scope's embedding grain that there is something to do, where there is a generator.</summary>
/// <param name="grains">Where the grain is reached.</param>
/// <param name="source">The generator.</param>
/// <param name="logger">Is told when the word did not get through.</param>
internal sealed partial class EmbeddingHook(IGrainFactory grains, EmbeddingSource source, ILogger<EmbeddingHook> logger) : IRecordingHook
{
    private readonly ILogger _logger = logger;

    /// <inheritdoc />
    public Task RecordedAsync(FactRecording recording) => NotifyAsync(recording.Scope);

    /// <summary>
    /// Tells the embedding grain of a scope. It never fails: what is to be done is in the store, and the sweep finds it without the word.
    /// </summary>
    /// <param name="scope">Who owns what was recorded or changed.</param>
    /// <returns>A task that ends as soon as the word is on its way.</returns>
    public async Task NotifyAsync(MemoryScope scope)
    {
        if (!source.IsOn)
        {
            return;
        }

        try
        {
            await grains.GetGrain<IMemoryEmbeddingGrain>(scope.ToString()).NotifyAsync();
        }
        catch (Exception exception)
        {
            LogNotNotified(exception.GetType().Name);
        }
    }

    [LoggerMessage(
        EventIds.EmbeddingNotNotified,
        LogLevel.Warning,
        "A grain could not be told of memories to embed ({ErrorType}); the next sweep finds them"
    )]
    private partial void LogNotNotified(string errorType);
}
