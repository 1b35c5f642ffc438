using System.Net.Sockets;
using ModelContextProtocol;
using OrleansMemory.Cli.Chat;
using OrleansMemory.Cli.Transfer;
using OrleansMemory.Http;

namespace OrleansMemory.Cli;

/// <summary>Says in a line or two what went wrong, and with which exit code a run ends.</summary>
internal static class Failure
{
    /// <summary>Describes a failure.</summary>
    /// <param name="address">Where the silo was looked for.</param>
    /// <returns>The lines and the code.</returns>
    public static (string Text, int ExitCode) Describe(Exception failure, Uri? address) =>
        failure switch
        {
            UsageException => (failure.Message, ExitCodes.Usage),
            MalformedFileException => (failure.Message, ExitCodes.Malformed),
            IncompleteTransferException or CutAnswerException => (failure.Message, ExitCodes.Failed),
            MemoryHttpException<ProblemDocument> { Result: { } problem } => (Say(problem), ExitCodes.Failed),
            MemoryHttpException http => (
                $"The answer was {http.StatusCode}, and not of OrleansMemory: is there a silo at {address}?",
                ExitCodes.Failed
            ),
            HttpRequestException { InnerException: SocketException or IOException }
            or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => (
                $"No silo answers at {address}. Name its address by --address or OMEM_ADDRESS.",
                ExitCodes.Unreachable
            ),
            HttpRequestException => ($"{address}: {failure.Message}", ExitCodes.Unreachable),
            McpException protocol => ($"MCP: {protocol.Message.ReplaceLineEndings(" ")}", ExitCodes.Failed),
            ModelException => (failure.Message, ExitCodes.Failed),
            OperationCanceledException => ("Interrupted.", ExitCodes.Interrupted),
            UnauthorizedAccessException or IOException => (failure.Message, ExitCodes.Failed),
            _ => ($"This is a fault of omem: {failure.GetType().Name}: {failure.Message}", ExitCodes.Failed),
        };

    private static string Say(ProblemDocument problem)
    {
        string text = $"{problem.Detail} ({problem.Code})";
        return problem.RetryAfterSeconds is { } pause ? $"{text} Try again in {pause} s." : text;
    }
}
