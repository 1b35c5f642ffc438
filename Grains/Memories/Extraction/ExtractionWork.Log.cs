using Microsoft.Extensions.Logging;
using OrleansMemory.Grains.Diagnostics;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <content>What it tells.</content>
internal sealed partial class ExtractionWork
{
    [LoggerMessage(
        EventIds.FactsDistilled,
        LogLevel.Debug,
        "Distilled {Turns} turns: {Added} facts added, {Updated} updated, {Retired} retired; {LeftOut} changes of the reply left out"
    )]
    private partial void LogDistilled(int turns, int added, int updated, int retired, int leftOut);

    [LoggerMessage(EventIds.ReplyUnreadable, LogLevel.Warning, "A reply of the model about {Turns} turns could not be read: {Fault}")]
    private partial void LogUnreadable(string fault, int turns);

    [LoggerMessage(EventIds.TurnsGivenUp, LogLevel.Warning, "{Turns} turns are left without facts; they stay recorded")]
    private partial void LogGivenUp(int turns);

    [LoggerMessage(EventIds.ExtractionPaused, LogLevel.Warning, "Distilling failed ({Cause}); it is tried again in {PauseSeconds} s")]
    private partial void LogPaused(string cause, double pauseSeconds);

    [LoggerMessage(
        EventIds.ExtractionRaced,
        LogLevel.Debug,
        "What was distilled could not be applied because turns or facts had changed; they are read again"
    )]
    private partial void LogRaced();
}
