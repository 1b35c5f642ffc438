using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenApi;

/// <summary>
/// The examples of the OpenAPI document: a silo takes every body, and every answer's example and every real answer fits its schema.
/// </summary>
public sealed class OpenApiExampleTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task Every_body_has_examples_and_each_is_taken()
    {
        JsonElement document = await DocumentAsync();
        var check = new SchemaCheck(document);
        int bodies = 0;
        foreach (
            (string method, string path, JsonElement operation) in Operations(document)
                .Where(operation => operation.Value.TryGetProperty("requestBody", out _))
        )
        {
            foreach (JsonProperty content in operation.GetProperty("requestBody").GetProperty("content").EnumerateObject())
            {
                (string Name, JsonElement Value)[] examples = [.. Examples(content.Value)];
                Assert.NotEmpty(examples);
                foreach ((string name, JsonElement value) in examples)
                {
                    string what = $"{operation.GetProperty("operationId")}, {content.Name}, {name}";
                    Assert.True(
                        check.Find(value, content.Value.GetProperty("schema")) is null,
                        $"{what}: {check.Find(value, content.Value.GetProperty("schema"))}"
                    );
                    await SendAsync(
                        check,
                        method,
                        path,
                        operation,
                        content.Name,
                        value,
                        FormattableString.Invariant($"example-{bodies++}"),
                        what
                    );
                }
            }
        }

        Assert.True(bodies > 17, $"{bodies}");
    }

    [Fact]
    public async Task Every_answer_with_content_has_an_example_that_fits()
    {
        JsonElement document = await DocumentAsync();
        var check = new SchemaCheck(document);
        int answers = 0;
        foreach ((string _, string path, JsonElement operation) in Operations(document))
        {
            foreach (
                JsonProperty answer in operation.GetProperty("responses").EnumerateObject().Where(answer => answer.Name.StartsWith('2'))
            )
            {
                foreach (
                    JsonProperty content in answer.Value.TryGetProperty("content", out JsonElement contents)
                        ? contents.EnumerateObject()
                        : []
                )
                {
                    Assert.True(
                        content.Value.TryGetProperty("example", out JsonElement example),
                        $"{operation.GetProperty("operationId")} {answer.Name}"
                    );
                    Assert.Null(check.Find(example, content.Value.GetProperty("schema"), $"{path} {answer.Name}"));
                    answers++;
                }
            }
        }

        Assert.True(answers > 40, $"{answers}");
    }

    [Theory]
    [InlineData("""{"version":"1","firstSequence":null,"lastSequence":null,"replayed":false}""", "$.version")]
    [InlineData("""{"version":1,"firstSequence":null,"lastSequence":null}""", "$.replayed is missing")]
    [InlineData("""{"version":1,"firstSequence":1.5,"lastSequence":null,"replayed":false}""", "$.firstSequence")]
    public async Task The_check_sees_what_does_not_fit(string answer, string fault)
    {
        JsonElement document = await DocumentAsync();
        Assert.StartsWith(
            fault,
            new SchemaCheck(document).Find(
                JsonDocument.Parse(answer).RootElement,
                document.GetProperty("components").GetProperty("schemas").GetProperty("ReceiptDocument")
            ),
            StringComparison.Ordinal
        );
    }

    private async Task SendAsync(
        SchemaCheck check,
        string method,
        string path,
        JsonElement operation,
        string contentType,
        JsonElement body,
        string id,
        string what
    )
    {
        string target = await PrepareAsync(path, operation, id);
        using var request = new HttpRequestMessage(new HttpMethod(method), target)
        {
            Content = new StringContent(
                contentType == "application/x-ndjson" ? body.GetString()! : body.GetRawText(),
                Encoding.UTF8,
                contentType
            ),
        };
        if (path.StartsWith("/v1/tenants", StringComparison.Ordinal))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SharedSilo.OperatorKey);
        }

        using HttpResponseMessage response = await _app.Http.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{what}: {(int)response.StatusCode} {answer}");
        JsonElement described = operation
            .GetProperty("responses")
            .GetProperty(((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Null(
            check.Find(
                JsonDocument.Parse(answer).RootElement,
                described.GetProperty("content").GetProperty("application/json").GetProperty("schema"),
                what
            )
        );
    }

    // A conversation of its own for each example, begun unless the operation makes it.
    private async Task<string> PrepareAsync(string path, JsonElement operation, string id)
    {
        string operationId = operation.GetProperty("operationId").GetString()!;
        if (path.StartsWith("/v1/memories/{id}", StringComparison.Ordinal))
        {
            JsonElement recorded = await _app.AskAsync(
                HttpStatusCode.Created,
                "POST",
                "/v1/memories",
                """{"user":"ana","contents":["Prefers quiet rooms."]}"""
            );
            return path.Replace("{id}", recorded.GetProperty("memoryIds")[0].GetString(), StringComparison.Ordinal);
        }

        if (
            operationId is not ("importConversation" or "putConversation" or "commitTurn")
            && path.Contains("{id}", StringComparison.Ordinal)
        )
        {
            await _app.AskAsync(
                HttpStatusCode.Created,
                "POST",
                id + "/turns",
                """{"messages":[{"role":"user","content":"Find me a hotel."},{"role":"assistant","content":"Where?"}]}"""
            );
            await _app.AskAsync(HttpStatusCode.OK, "PUT", id + "/working-memory/WORKING_MEMORY", """{"text":"Ana wants a hotel."}""");
        }

        foreach (
            JsonElement parameter in operation.TryGetProperty("parameters", out JsonElement parameters) ? parameters.EnumerateArray() : []
        )
        {
            if (parameter.GetProperty("in").GetString() == "path")
            {
                string name = parameter.GetProperty("name").GetString()!;
                path = path.Replace(
                    $"{{{name}}}",
                    name == "id" ? id : parameter.GetProperty("example").GetString(),
                    StringComparison.Ordinal
                );
            }
        }

        return path;
    }

    private async Task<JsonElement> DocumentAsync() => await _app.AskAsync(HttpStatusCode.OK, "GET", "/openapi/v1.json");

    private static IEnumerable<(string Method, string Path, JsonElement Value)> Operations(JsonElement document) =>
        document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (method.Name.ToUpperInvariant(), path.Name, method.Value)));

    private static IEnumerable<(string Name, JsonElement Value)> Examples(JsonElement content) =>
        content.TryGetProperty("example", out JsonElement one)
            ? [("example", one)]
            : content.GetProperty("examples").EnumerateObject().Select(example => (example.Name, example.Value.GetProperty("value")));
}
