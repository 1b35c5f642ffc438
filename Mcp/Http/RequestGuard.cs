using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ModelContextProtocol;
using OrleansMemory.AspNetCore;
using OrleansMemory.Diagnostics;
using OrleansMemory.Mcp.Access;

namespace OrleansMemory.Mcp.Http;

/// <summary>
/// Stands before the protocol: says for whom a request is, refuses bodies that are no JSON or too long, and answers what the protocol's own
/// reading throws at, which would be faults of the server otherwise: parameters of a wrong type, names that stand twice, half a pair of
/// surrogates.
/// </summary>
internal static partial class RequestGuard
{
    private const string Json = "application/json";

    /// <summary>Puts it before a route.</summary>
    public static void Add(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is { } serve)
        {
            endpoint.RequestDelegate = context => InvokeAsync(context, serve);
        }
    }

    private static async Task InvokeAsync(HttpContext context, RequestDelegate serve)
    {
        try
        {
            context.RequestServices.GetRequiredService<CallerSlot>().Caller = context
                .RequestServices.GetRequiredService<HttpCallers>()
                .Find(context);
            if (!IsJson(context.Request))
            {
                await ProblemWriter.WriteAsync(context, NotJson());
                return;
            }

            Limit(context.Request, context.RequestServices.GetRequiredService<IOptions<McpMemoryOptions>>().Value.MaxRequestBytes);
        }
        catch (Exception failure) when (MemoryProblems.Find(failure) is { } problem)
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        await ServeAsync(context, serve);
    }

    private static async Task ServeAsync(HttpContext context, RequestDelegate serve)
    {
        try
        {
            await serve(context);
        }
        catch (Exception failure) when (!context.Response.HasStarted && MemoryProblems.Find(failure) is { } problem)
        {
            context.Response.Clear();
            await ProblemWriter.WriteAsync(context, problem);
        }
        catch (Exception failure) when (!context.Response.HasStarted && IsUnreadable(failure))
        {
            // What handlers throw is answered within the protocol and does not come here.
            LogUnreadable(
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestGuard)),
                new RedactedException(failure)
            );
            await RefuseAsync(context);
        }
    }

    // An app that stops disposes of things; that is not the request's fault.
    private static bool IsUnreadable(Exception failure) =>
        failure is JsonException or ArgumentException or FormatException or (InvalidOperationException and not ObjectDisposedException);

    private static void Limit(HttpRequest request, int limitBytes)
    {
        if (request.ContentLength > limitBytes)
        {
            throw LimitedBody.TooLarge(request.ContentLength.Value, limitBytes);
        }

        request.Body = new LimitedBody(request.Body, limitBytes);
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        && type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static Problem NotJson() =>
        new(
            StatusCodes.Status415UnsupportedMediaType,
            "unsupported-media-type",
            "The content type is not supported",
            "Send the body as 'Content-Type: application/json' in UTF-8."
        );

    private static async Task RefuseAsync(HttpContext context)
    {
        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = Json;
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WriteNull("id");
        writer.WriteStartObject("error");
        writer.WriteNumber("code", (int)McpErrorCode.InvalidRequest);
        writer.WriteString(
            "message",
            "The body is not a message of the protocol: one JSON object with jsonrpc, method, an id that is a text or a whole number, and params as the method has them; no name twice, and no half of a pair of surrogates."
        );
        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }

    [LoggerMessage(2201, LogLevel.Debug, "A request was no message of the protocol")]
    private static partial void LogUnreadable(ILogger logger, Exception exception);
}
