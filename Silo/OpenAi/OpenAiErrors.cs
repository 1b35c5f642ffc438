using System.Text.Json;
using OrleansMemory.AspNetCore;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>Errors as OpenAI's clients read them: an object <c>error</c> with message, type, param and code.</summary>
internal static class OpenAiErrors
{
    private const string Parameter = "parameter";

    /// <summary>How problems are written below <see cref="OpenAiSurface.Path"/>.</summary>
    public static ProblemShape Shape { get; } = new("application/json", Translate, Write);

    // Codes that clients of OpenAI decide by have OpenAI's names, and a key that opens nothing is 401 there; all others are ours.
    private static Problem Translate(Problem problem) =>
        problem.Code switch
        {
            "key-unknown" or "key-expired" => problem with { Status = StatusCodes.Status401Unauthorized, Code = "invalid_api_key" },
            "quota-exceeded" => problem with { Code = "insufficient_quota" },
            _ when problem.Status == StatusCodes.Status429TooManyRequests => problem with { Code = "rate_limit_exceeded" },
            _ => problem,
        };

    private static string TypeOf(Problem problem) =>
        problem switch
        {
            { Status: >= StatusCodes.Status500InternalServerError } => "server_error",
            { Code: "insufficient_quota" } => "insufficient_quota",
            { Status: StatusCodes.Status429TooManyRequests } => "requests",
            _ => "invalid_request_error",
        };

    private static void Write(Utf8JsonWriter writer, HttpContext context, Problem problem)
    {
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        // OpenAI's clients send 409 and 429 again by themselves; here that helps only where a pause is named.
        if (problem.Status is StatusCodes.Status409Conflict or StatusCodes.Status429TooManyRequests && problem.RetryAfter is null)
        {
            context.Response.Headers["x-should-retry"] = "false";
        }

        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("message", ProblemWriter.Cut(problem.Detail));
        writer.WriteString("type", TypeOf(problem));
        writer.WriteString(
            "param",
            ProblemWriter.Cut(Array.Find(problem.Members, static member => member.Name == Parameter).Value as string)
        );
        writer.WriteString("code", problem.Code);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
