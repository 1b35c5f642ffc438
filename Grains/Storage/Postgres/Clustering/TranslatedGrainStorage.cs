using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>The provider's storage, whose database errors do not leave this room.</summary>
/// <param name="provider">The provider's storage.</param>
/// <param name="logger">Is told of errors that are ours.</param>
internal sealed class TranslatedGrainStorage(IGrainStorage provider, ILogger<TranslatedGrainStorage> logger) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        TranslateAsync(provider.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        TranslateAsync(provider.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        TranslateAsync(provider.ClearStateAsync(stateName, grainId, grainState));

    private async Task TranslateAsync(Task operation)
    {
        try
        {
            await operation.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (MemoryException or InconsistentStateException or OperationCanceledException))
        {
            throw StoreFaults.Translate(logger, exception);
        }
    }
}
