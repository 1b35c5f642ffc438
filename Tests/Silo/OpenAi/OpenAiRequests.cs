using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Silo.OpenAi;

/// <summary>Requests as OpenAI's clients send them.</summary>
internal static class OpenAiRequests
{
    public const string Root = "/openai/v1/conversations";

    /// <summary>Everything that an answer leaves out unless it is asked for.</summary>
    public const string Everything =
        "include[]=message.input_image.image_url&include[]=message.output_text.logprobs&include[]=reasoning.encrypted_content&include[]=file_search_call.results"
        + "&include[]=web_search_call.results&include[]=web_search_call.action.sources&include[]=code_interpreter_call.outputs&include[]=computer_call_output.output.image_url";

    /// <summary>Sends a request that must work.</summary>
    public static Task<JsonElement> OpenAiAsync(
        this SiloTenant app,
        string method,
        string path,
        string? json = null,
        params (string Name, string Value)[] headers
    ) => app.AskAsync(HttpStatusCode.OK, method, Root + path, json, headers);

    /// <summary>Creates a conversation.</summary>
    public static async Task<string> NewConversationAsync(this SiloTenant app, string body = "{}") =>
        (await app.OpenAiAsync("POST", "", body)).GetProperty("id").GetString()!;

    /// <summary>Adds items and returns them as they are answered when everything is asked for.</summary>
    public static async Task<JsonElement[]> AddAsync(this SiloTenant app, string id, string items) =>
        [.. (await app.OpenAiAsync("POST", $"/{id}/items?{Everything}", $$"""{"items":{{items}}}""")).GetProperty("data").EnumerateArray()];

    /// <summary>All items of a conversation, oldest first, with everything.</summary>
    public static async Task<JsonElement[]> AllAsync(this SiloTenant app, string id) =>
        [.. (await app.OpenAiAsync("GET", $"/{id}/items?order=asc&limit=100&{Everything}")).GetProperty("data").EnumerateArray()];

    /// <summary>Sends a request that must be refused, and checks the error's shape.</summary>
    public static async Task<(string? Parameter, string Message)> RefuseOpenAiAsync(
        this HttpClient http,
        HttpStatusCode status,
        string type,
        string code,
        string method,
        string path,
        string? json = null,
        params (string Name, string Value)[] headers
    )
    {
        using HttpResponseMessage response = await http.SendAsync(
            method,
            path.StartsWith("/openai", StringComparison.Ordinal) ? path : Root + path,
            json,
            headers
        );
        string body = await response.Content.ReadAsStringAsync();
        Xunit.Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        Xunit.Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Xunit.Assert.NotEmpty(Xunit.Assert.Single(response.Headers.GetValues("x-request-id")));
        JsonElement root = JsonDocument.Parse(body).RootElement;
        Xunit.Assert.Equal(["error"], root.EnumerateObject().Select(field => field.Name));
        JsonElement error = root.GetProperty("error");
        Xunit.Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(field => field.Name));
        Xunit.Assert.Equal((type, code), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        return (error.GetProperty("param").GetString(), error.GetProperty("message").GetString()!);
    }
}
