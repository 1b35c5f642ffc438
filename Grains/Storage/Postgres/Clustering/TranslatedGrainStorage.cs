using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>The provider's storage, whose database errors do not leave this room.</summary>
/// <param name="logger">Is told of errors that are ours.</param>
internal sealed class TranslatedGrainStorage(IGrainStorage provider, ILogger<TranslatedGrainStorage> logger) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        StoreFaults.TranslateAsync(logger, provider.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        StoreFaults.TranslateAsync(logger, provider.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        StoreFaults.TranslateAsync(logger, provider.ClearStateAsync(stateName, grainId, grainState));
}
