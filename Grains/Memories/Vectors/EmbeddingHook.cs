using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>Tells a scope's embedding grain of each recording, where there is a generator.</summary>
/// <param name="grains">Where the grain is reached.</param>
/// <param name="source">The generator.</param>
internal sealed class EmbeddingHook(IGrainFactory grains, EmbeddingSource source) : IRecordingHook
{
    /// <inheritdoc />
    public Task RecordedAsync(FactRecording recording) => PokeAsync(recording.Scope);

    /// <summary>Tells the embedding grain of a scope that there is something to do.</summary>
    /// <param name="scope">Who owns what was recorded or changed.</param>
    /// <returns>A task that ends as soon as the word is on its way.</returns>
    public Task PokeAsync(MemoryScope scope) => source.IsOn
        ? grains.GetGrain<IMemoryEmbeddingGrain>(scope.ToString()).PokeAsync()
        : Task.CompletedTask;
}
