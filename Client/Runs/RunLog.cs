using Microsoft.Extensions.Logging;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// What the client logs about runs: types of failures, never their texts. Event ids 2010 to 2019; 2010 is not used any more.
/// </summary>
internal static partial class RunLog
{
    [LoggerMessage(2012, LogLevel.Warning, "What a failed or abandoned stream gave was not stored: {Failure}")]
    public static partial void PartialNotStored(ILogger logger, string failure);

    [LoggerMessage(2014, LogLevel.Warning, "Something of an answer was stored otherwise than it came: {Kind}, {Type}")]
    public static partial void AnswerChanged(ILogger logger, AnswerChangeKind kind, string? type);

    [LoggerMessage(2015, LogLevel.Warning, "A callback that is told of changed answers or refused staging failed: {Failure}")]
    public static partial void ChangeNotNotified(ILogger logger, string failure);

    [LoggerMessage(
        2016,
        LogLevel.Warning,
        "A tool's result was not journalled: {Failure}. The run goes on; a repetition of it calls the tool again"
    )]
    public static partial void NotJournalled(ILogger logger, string failure);

    [LoggerMessage(2017, LogLevel.Warning, "What a run had staged was refused: {Kind}, {Count}. Its turn is stored without it")]
    public static partial void StagingRefused(ILogger logger, RefusedStagingKind kind, int count);

    [LoggerMessage(
        2018,
        LogLevel.Warning,
        "An approval was not claimed: {Failure}. The run goes on; another one with the same approval may call the tool too"
    )]
    public static partial void NotClaimed(ILogger logger, string failure);

    [LoggerMessage(2019, LogLevel.Warning, "The claim on an approval was not released: {Failure}. It ends by itself")]
    public static partial void NotReleased(ILogger logger, string failure);

    [LoggerMessage(2013, LogLevel.Debug, "A run was answered from its committed turn")]
    public static partial void Replayed(ILogger logger);
}
