using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using OrleansMemory.AspNetCore;
using OrleansMemory.Diagnostics;
using OrleansMemory.Errors;

namespace OrleansMemory.Mcp.Results;

/// <summary>
/// What clients are told of failures: a code to decide by, and what would be right. Nothing of what we do not know is told.
/// </summary>
internal static partial class Failures
{
    /// <summary>The first revision of the protocol in which a resource that there is not is an invalid parameter.</summary>
    private const string StatelessRevision = "2026-07-28";

    private const string InternalError = "internal-error";

    /// <summary>What is told of a failure. What is unknown is logged, by its types and its stack.</summary>
    /// <param name="request">The request that has failed.</param>
    /// <param name="what">What was asked for, by its name here.</param>
    public static Problem Of(Exception failure, MessageContext request, string what)
    {
        if (MemoryProblems.Find(failure) is { } known)
        {
            return known;
        }

        string? faultId = (failure as StoreFaultException)?.FaultId;
        if (request.Services?.GetService<ILoggerFactory>() is { } loggers)
        {
            LogUnknown(loggers.CreateLogger(typeof(Failures)), what, faultId ?? "none", new RedactedException(failure));
        }

        return new Problem(500, InternalError, "Something went wrong here", "The log of the server says more.")
        {
            Members = [("faultId", faultId)],
        };
    }

    /// <summary>The error of a caller who may not change anything.</summary>
    public static Problem MayNotWrite() =>
        new(
            403,
            "role-too-low",
            "The caller may not do this",
            "This takes a caller that may write. Reading works: recall_from_memory, search_history, read_conversation, list_conversations."
        );

    /// <summary>The protocol's error for what has no result of its own to carry one: resources and prompts.</summary>
    /// <param name="problem">What is told.</param>
    /// <returns>The error, with the code and the data of the problem.</returns>
    public static McpProtocolException ToProtocol(Problem problem, MessageContext request)
    {
        McpErrorCode code = problem.Status switch
        {
            404 when string.CompareOrdinal(request.Server.NegotiatedProtocolVersion, StatelessRevision) < 0 =>
                McpErrorCode.ResourceNotFound,
            >= 500 => McpErrorCode.InternalError,
            _ => McpErrorCode.InvalidParams,
        };
        var error = new McpProtocolException($"{problem.Code}: {problem.Detail}", code);
        foreach ((string name, object value) in DataOf(problem))
        {
            error.Data[name] = value;
        }

        return error;
    }

    /// <summary>The data of a problem.</summary>
    /// <returns>The code, how long to wait, and the problem's own members, without those that are null.</returns>
    public static IEnumerable<(string Name, object Value)> DataOf(Problem problem)
    {
        yield return ("code", problem.Code);
        if (problem.RetryAfter is { } pause)
        {
            yield return ("retryAfterSeconds", Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)));
        }

        foreach ((string name, object? value) in problem.Members)
        {
            if (value is not null)
            {
                yield return (name, value is long number ? number : value.ToString()!);
            }
        }
    }

    [LoggerMessage(2200, LogLevel.Error, "A request of an MCP client failed: {What}, fault {FaultId}")]
    private static partial void LogUnknown(ILogger logger, string what, string faultId, Exception exception);
}
