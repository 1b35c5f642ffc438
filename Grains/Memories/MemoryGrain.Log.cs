using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Memories;

internal sealed partial class MemoryGrain
{
    [LoggerMessage(
        EventIds.RecordingNotNotified,
        LogLevel.Warning,
        "Background work could not be told of a recording ({ErrorType}); it finds it by itself later"
    )]
    private partial void LogHookFailed(string errorType);

    [LoggerMessage(
        EventIds.NearestNotFound,
        LogLevel.Warning,
        "The store could not search the vectors of a large scope ({ErrorType}); for {Pause} recalls of this scope go by terms alone"
    )]
    private partial void LogNearestNotFound(string errorType, TimeSpan pause);

    [LoggerMessage(
        EventIds.ScopeRead,
        LogLevel.Debug,
        "Read {Memories} memories of a scope in {Milliseconds} ms, older ones left out: {Partial}"
    )]
    private partial void LogRead(int memories, double milliseconds, bool partial);
}
