using System.Net;
using System.Text.Json;
using OrleansMemory.Cli.Transfer.Json;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Transfer.Export;

/// <summary>Writes memories with their histories as lines, a page of the silo's list a part. Their JSON is written as it comes.</summary>
/// <param name="http">Calls the silo.</param>
/// <param name="user">Whose memories; <see langword="null"/> for all of the tenant, whose lines then say whose each one is.</param>
/// <param name="parallel">How many histories are read at a time.</param>
internal sealed class MemoryParts(HttpClient http, string? user, int parallel)
{
    private const int PageLimit = 200;
    private const int MostEvents = 1_000;

    private static readonly string[] Fields =
    [
        "id",
        "kind",
        "agent",
        "session",
        "text",
        "caption",
        "role",
        "speaker",
        "messageId",
        "conversationId",
        "metadata",
        "occurredAt",
        "createdAt",
        "updatedAt",
        "expiresAt",
        "version",
    ];

    /// <summary>Reads a page.</summary>
    /// <param name="cursor">The next of the page before; <see langword="null"/> for the first one.</param>
    /// <returns>Its lines, and where the next one begins; <see langword="null"/> behind the last one.</returns>
    public async Task<(byte[][] Lines, string? Next)> ReadAsync(string? cursor, CancellationToken cancellationToken)
    {
        string query = $"v1/memories?limit={PageLimit}{Part("user", user)}{Part("cursor", cursor)}";
        using JsonDocument page = await GetAsync(query, cancellationToken) ?? throw new CutAnswerException();
        JsonElement[] memories = [.. page.RootElement.GetProperty("memories").EnumerateArray()];
        var lines = new byte[]?[memories.Length];
        await Parallel.ForAsync(
            0,
            memories.Length,
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (at, token) => lines[at] = await LineAsync(memories[at], token)
        );
        string? next = page.RootElement.TryGetProperty("next", out JsonElement found) ? found.GetString() : null;
        return ([.. lines.OfType<byte[]>()], next);
    }

    private static string Part(string name, string? value) => value is null ? string.Empty : $"&{name}={Uri.EscapeDataString(value)}";

    // Null when it has gone since it was listed.
    private async Task<byte[]?> LineAsync(JsonElement memory, CancellationToken cancellationToken)
    {
        using JsonDocument? history = await GetAsync(
            $"v1/memories/{Uri.EscapeDataString(memory.GetProperty("id").GetString()!)}/history",
            cancellationToken
        );
        return history is null
            ? null
            : JsonLines.Line(JsonLines.Memory, writer => Write(writer, memory, history.RootElement.GetProperty("events")));
    }

    private void Write(Utf8JsonWriter writer, JsonElement memory, JsonElement events)
    {
        writer.WriteStartObject();
        foreach (string name in user is null ? [.. Fields, "user"] : Fields)
        {
            if (memory.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
            }
        }

        // What an import takes: events up to the version that the memory had when it was listed, and no more than so many.
        long version = memory.GetProperty("version").GetInt64();
        writer.WriteStartArray("history");
        foreach (
            JsonElement change in events
                .EnumerateArray()
                .Where(change => change.GetProperty("version").GetInt64() <= version)
                .TakeLast(MostEvents)
        )
        {
            writer.WriteRawValue(change.GetRawText(), skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private async Task<JsonDocument?> GetAsync(string address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Options.Set(PlainJsonHandler.LeaveAsItIs, true);
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw await ProblemAsync(response, cancellationToken);
        }

        return JsonDocument.Parse(
            await response.Content.ReadAsByteArrayAsync(cancellationToken),
            new JsonDocumentOptions { MaxDepth = 256 }
        );
    }

    private static async Task<MemoryHttpException> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, IEnumerable<string>>();
        try
        {
            return
                await response.Content.ReadAsByteArrayAsync(cancellationToken) is { Length: > 0 } body
                && JsonSerializer.Deserialize<ProblemDocument>(body) is { } problem
                ? new MemoryHttpException<ProblemDocument>(problem.Title, (int)response.StatusCode, null, headers, problem, null)
                : new MemoryHttpException("No answer of OrleansMemory.", (int)response.StatusCode, null, headers, null);
        }
        catch (JsonException)
        {
            return new MemoryHttpException("No answer of OrleansMemory.", (int)response.StatusCode, null, headers, null);
        }
    }
}
