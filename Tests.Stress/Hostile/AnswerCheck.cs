using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>Says what is wrong with an answer, whatever the request was.</summary>
/// <param name="document">The OpenAPI document.</param>
internal sealed partial class AnswerCheck(JsonElement document)
{
    /// <summary>Every code that a problem may have.</summary>
    public static readonly FrozenSet<string> Codes = FrozenSet.ToFrozenSet(
        [
            "invalid-request",
            "malformed-json",
            "json-too-deep",
            "bad-request",
            "conversation-not-found",
            "import-not-found",
            "memory-not-found",
            "entry-not-found",
            "turn-not-found",
            "working-memory-not-found",
            "memory-object-not-found",
            "route-not-found",
            "method-not-allowed",
            "memory-changed",
            "record-conflict",
            "version-conflict",
            "condition-failed",
            "turn-conflict",
            "conversation-exists",
            "conversation-changed",
            "gone",
            "turn-messages-dropped",
            "unreadable-message",
            "window-too-small",
            "unreadable-value",
            "payload-too-large",
            "unsupported-media-type",
            "overloaded",
            "unavailable",
            "key-missing",
            "key-unknown",
            "loopback-only",
            "too-many-bytes-in-flight",
            "too-many-requests",
            "too-many-requests-per-second",
            "too-many-feeds",
            "role-too-low",
            "tenant-not-yours",
            "user-not-allowed",
            "key-expired",
            "too-many-refused-keys",
            "quota-exceeded",
            "cross-site",
            "forwarded",
        ],
        StringComparer.Ordinal
    );

    // The server's own refusals of what is no HTTP have no body.
    private static readonly FrozenSet<int> ServerRefusals = FrozenSet.ToFrozenSet([
        400,
        404,
        405,
        408,
        411,
        413,
        414,
        417,
        426,
        431,
        501,
        505,
    ]);

    private readonly SchemaCheck _schemas = new(document);

    /// <summary>What is wrong with an answer.</summary>
    public IEnumerable<string> Check(HostileRequest request, Answer answer)
    {
        if (answer.Status is < 200 or >= 500 and not 503 && !(request.IsOddHttp && answer is { Status: 501 or 505, Body.Length: 0 }))
        {
            yield return $"status {answer.Status}";
        }

        if (request.IsOfOperation && !request.Operation.Answers.ContainsKey(answer.Status))
        {
            yield return $"status {answer.Status} is not described for {request.Operation.Id}";
        }

        if (answer.IsCut)
        {
            yield return "the connection broke off within the answer";
        }

        IEnumerable<string> faults = answer.Status >= 400 ? CheckProblem(request, answer) : CheckContent(request, answer);
        foreach (string fault in faults)
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> CheckProblem(HostileRequest request, Answer answer)
    {
        if (answer.Body.Length == 0)
        {
            if (request.Method != "HEAD" && !(request.IsOddHttp && ServerRefusals.Contains(answer.Status)))
            {
                yield return $"status {answer.Status} without a problem";
            }

            yield break;
        }

        string text = Encoding.UTF8.GetString(answer.Body);
        if (Leaks().Match(text) is { Success: true } leak)
        {
            yield return $"tells '{leak.Value}'";
        }

        if (answer.ContentType != "application/problem+json")
        {
            yield return $"a problem as '{answer.ContentType}'";
        }

        if (TryParse(answer.Body) is not { ValueKind: JsonValueKind.Object } problem)
        {
            yield return "a problem that is no JSON object";
            yield break;
        }

        string? code = problem.TryGetProperty("code", out JsonElement named) ? named.ToString() : null;
        if (code is null || !Codes.Contains(code))
        {
            yield return $"the code '{code}' is not known";
        }

        bool isWhole =
            problem.TryGetProperty("title", out _)
            && problem.TryGetProperty("detail", out _)
            && problem.TryGetProperty("status", out JsonElement status)
            && status.GetInt32() == answer.Status
            && problem.GetProperty("type").GetString() == "urn:orleans-memory:problem:" + code;
        if (!isWhole)
        {
            yield return "a problem without its members";
        }

        if (answer.Status is 429 or 503 && !answer.Headers.ContainsKey("retry-after"))
        {
            yield return $"{answer.Status} without Retry-After";
        }
    }

    private IEnumerable<string> CheckContent(HostileRequest request, Answer answer)
    {
        bool isJson = answer.ContentType == "application/json";
        if (
            answer.Body.Length > 0
            && !isJson
            && answer.ContentType is not ("text/event-stream" or "application/x-ndjson" or "text/html" or "text/javascript")
        )
        {
            yield return $"an answer as '{answer.ContentType}'";
        }

        if (!Utf8.IsValid(answer.Body))
        {
            yield return "an answer that is not UTF-8";
        }

        if (!isJson || answer.Body.Length == 0)
        {
            yield break;
        }

        if (TryParse(answer.Body) is not { } value)
        {
            yield return "an answer that is not JSON";
        }
        else if (
            request.IsOfOperation
            && request.Operation.Answers.TryGetValue(answer.Status, out JsonElement schema)
            && schema.ValueKind == JsonValueKind.Object
            && _schemas.Find(value, schema) is { } fault
        )
        {
            yield return $"an answer that does not fit its schema: {fault}";
        }
    }

    private static JsonElement? TryParse(byte[] json)
    {
        try
        {
            return JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Names of our types, of libraries' and of the runtime's, stacks, paths of files, statements. No value that is sent has any of them.
    [GeneratedRegex(
        @"(\bat [A-Z][A-Za-z]{1,80}\.[A-Z]|\b(System|Microsoft|Npgsql|Orleans|OrleansMemory|Polly|Newtonsoft)\.[A-Z]|[a-z]Exception\b|[a-z]`\d|\.cs\b|\.dll\b|/(work|root|home|usr|tmp|var|app)/|\bselect .{1,200} from |\binsert into\b|\bunnest\(|\bSQLSTATE\b|\b\d{2}[0-9A-Z]\d{2}: )",
        RegexOptions.CultureInvariant,
        2_000
    )]
    private static partial Regex Leaks();
}
