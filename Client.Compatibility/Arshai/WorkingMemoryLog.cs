using Microsoft.Extensions.Logging;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>What memory managers and their agent log. No text, no ids. Event ids 2060 to 2079 of the client's band.</summary>
internal static partial class WorkingMemoryLog
{
    [LoggerMessage(2060, LogLevel.Warning, "There is no working memory to update; nothing was changed")]
    public static partial void NothingToUpdate(ILogger logger);

    [LoggerMessage(2061, LogLevel.Warning, "No conversation_id in the metadata; the memory was left as it is")]
    public static partial void NoConversationId(ILogger logger);

    [LoggerMessage(2062, LogLevel.Warning, "The working memory could not be read ({Failure}); the update goes on without it")]
    public static partial void MemoryNotRead(ILogger logger, string failure);

    [LoggerMessage(2063, LogLevel.Warning, "The history could not be read ({Failure}); the update goes on without it")]
    public static partial void HistoryNotRead(ILogger logger, string failure);

    [LoggerMessage(2064, LogLevel.Warning, "The model returned an empty text")]
    public static partial void EmptyResponse(ILogger logger);

    [LoggerMessage(2065, LogLevel.Error, "The model failed ({Failure})")]
    public static partial void ModelFailed(ILogger logger, string failure);

    [LoggerMessage(2066, LogLevel.Error, "The updated memory could not be stored ({Failure})")]
    public static partial void MemoryNotStored(ILogger logger, string failure);

    [LoggerMessage(2067, LogLevel.Warning, "No memory manager is configured; the updated memory was not stored")]
    public static partial void NoManager(ILogger logger);
}
