using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Memories.Vectors;

internal sealed partial class MemoryEmbeddingGrain
{
    [LoggerMessage(EventIds.MemoriesEmbedded, LogLevel.Debug, "Embedded {Memories} memories")]
    private partial void LogEmbedded(int memories);

    [LoggerMessage(
        EventIds.EmbeddingFailed,
        LogLevel.Warning,
        "Memories could not be embedded ({ErrorType}); they are found by their terms and tried again later"
    )]
    private partial void LogFailed(string errorType);

    [LoggerMessage(
        EventIds.EmbeddingRefused,
        LogLevel.Warning,
        "The embedding generator does not take the text of {Memories} memories; they are found by their terms only"
    )]
    private partial void LogRefused(int memories);

    [LoggerMessage(
        EventIds.EmbeddingDimensionsRefused,
        LogLevel.Error,
        "The embedding generator gave vectors of {Actual} dimensions where its model has {Expected}; they are not used. Restart the silo after a change of the model, or set VectorOptions.Dimensions"
    )]
    private partial void LogDimensionsRefused(int actual, int expected);
}
