using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OrleansMemory.Client.Json;

namespace OrleansMemory.AspNetCore;

/// <summary>Writes problems.</summary>
internal static class ProblemWriter
{
    /// <summary>The content type of a problem.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>How long a text of a problem may be, in UTF-16 units; what is longer is cut and ends with an ellipsis.</summary>
    private const int MaxTextLength = 2_000;

    private static readonly ProblemShape Rfc9457 = new(ContentType, static problem => problem, Write);

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = LoneSurrogateEncoder.Instance };

    /// <summary>Answers a request with a problem.</summary>
    /// <returns>A task that ends when it is written.</returns>
    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        ProblemShape shape = context.Features.Get<ProblemShape>() ?? Rfc9457;
        problem = shape.Translate(problem);
        HttpResponse response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = shape.ContentType;
        response.ContentLength = null;
        response.Headers[HeaderNames.CacheControl] = "no-store";
        if (problem.RetryAfter is { } pause)
        {
            response.Headers[HeaderNames.RetryAfter] = Seconds(pause).ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using var writer = new Utf8JsonWriter(response.BodyWriter, WriterOptions);
        shape.Write(writer, context, problem);
        await writer.FlushAsync(context.RequestAborted);
    }

    /// <summary>
    /// What a request is found by in traces and logs: the W3C id of its activity, or the server's own id of the request where it has none.
    /// </summary>
    public static string TraceIdOf(HttpContext context) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity?.Id ?? Activity.Current?.Id ?? context.TraceIdentifier;

    /// <summary>What was wrong may be a name in the request, which may be as long as the request.</summary>
    /// <param name="text">A text of a problem.</param>
    /// <returns>The text; where it is too long, its beginning and an ellipsis.</returns>
    public static string? Cut(string? text)
    {
        if (text is null || text.Length <= MaxTextLength)
        {
            return text;
        }

        int length = char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength;
        return string.Concat(text.AsSpan(0, length), "\u2026");
    }

    // Retry-After has whole seconds; a shorter pause would become none.
    private static long Seconds(TimeSpan pause) => Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds));

    private static void Write(Utf8JsonWriter writer, HttpContext context, Problem problem)
    {
        writer.WriteStartObject();
        writer.WriteString("type", Problem.TypePrefix + problem.Code);
        writer.WriteString("title", problem.Title);
        writer.WriteNumber("status", problem.Status);
        writer.WriteString("detail", Cut(problem.Detail));
        writer.WriteString("code", problem.Code);
        foreach ((string name, object? value) in problem.Members)
        {
            WriteMember(writer, name, value);
        }

        writer.WriteString("traceId", TraceIdOf(context));
        if (problem.RetryAfter is { } retryAfter)
        {
            writer.WriteNumber("retryAfterSeconds", Seconds(retryAfter));
        }

        writer.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case long number:
                writer.WriteNumber(name, number);
                break;
            default:
                writer.WriteString(name, Cut(value.ToString()));
                break;
        }
    }
}
