using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>Tells a scope's extraction grain of turns to distil.</summary>
/// <param name="grains">Where it is reached.</param>
internal sealed class ExtractionHook(IGrainFactory grains) : IRecordingHook
{
    public Task RecordedAsync(FactRecording recording)
    {
        int turns = recording.Extract ? recording.Facts.Count(fact => fact.Kind == MemoryKind.Turn) : 0;
        return turns == 0 ? Task.CompletedTask : grains.GetGrain<IMemoryExtractionGrain>(recording.Scope.ToString()).NotifyAsync(turns);
    }
}
