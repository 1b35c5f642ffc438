using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenApi;

/// <summary>Nothing in the OpenAPI document is left without words.</summary>
public sealed class OpenApiTextTests(SiloApp app) : IClassFixture<SiloApp>
{
    private static readonly string[] ProblemStatuses = ["429", "503"];

    [Fact]
    public async Task Everything_is_described()
    {
        JsonElement document = await app.AskAsync(HttpStatusCode.OK, "GET", "/openapi/v1.json");
        string[] tags = [.. document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()!)];
        Assert.All(document.GetProperty("tags").EnumerateArray(), tag => AssertText(tag, tag.ToString()));
        Assert.All(
            Operations(document),
            operation =>
            {
                string id = operation.GetProperty("operationId").GetString()!;
                AssertText(operation, id);
                Assert.All(operation.GetProperty("tags").EnumerateArray(), tag => Assert.Contains(tag.GetString()!, tags));
                Assert.All(
                    operation.TryGetProperty("parameters", out JsonElement parameters) ? parameters.EnumerateArray() : [],
                    parameter => AssertText(parameter, $"{id}, {parameter}")
                );
                Assert.All(
                    operation.GetProperty("responses").EnumerateObject(),
                    response => AssertText(response.Value, $"{id}, {response.Name}")
                );
            }
        );
        Assert.All(
            document.GetProperty("components").GetProperty("schemas").EnumerateObject(),
            schema =>
            {
                AssertText(schema.Value, schema.Name);
                Assert.All(
                    schema.Value.TryGetProperty("properties", out JsonElement properties) ? properties.EnumerateObject() : [],
                    property => AssertText(property.Value, $"{schema.Name}.{property.Name}")
                );
            }
        );
    }

    [Fact]
    public async Task What_is_asked_again_says_when_and_servers_are_named()
    {
        JsonElement document = await app.AskAsync(HttpStatusCode.OK, "GET", "/openapi/v1.json");
        JsonElement[] answers =
        [
            .. Operations(document)
                .SelectMany(operation => operation.GetProperty("responses").EnumerateObject())
                .Where(answer => ProblemStatuses.Contains(answer.Name))
                .Select(answer => answer.Value),
        ];
        Assert.True(answers.Length > 40, $"{answers.Length}");
        Assert.All(
            answers,
            answer =>
                Assert.Equal(
                    "integer",
                    answer.GetProperty("headers").GetProperty("Retry-After").GetProperty("schema").GetProperty("type").GetString()
                )
        );
        Assert.Equal(
            ["/", "http://127.0.0.1:5080/"],
            document.GetProperty("servers").EnumerateArray().Select(server => server.GetProperty("url").GetString())
        );
    }

    [Fact]
    public async Task Sequences_and_versions_are_64_bits_wide()
    {
        JsonElement document = await app.AskAsync(HttpStatusCode.OK, "GET", "/openapi/v1.json");
        JsonProperty[] numbers =
        [
            .. document
                .GetProperty("components")
                .GetProperty("schemas")
                .EnumerateObject()
                .SelectMany(schema =>
                    schema.Value.TryGetProperty("properties", out JsonElement properties) ? properties.EnumerateObject() : []
                )
                .Where(property =>
                    property.Name.EndsWith("equence", StringComparison.Ordinal)
                    || (property.Name.EndsWith("ersion", StringComparison.Ordinal) && property.Name != "formatVersion")
                ),
        ];
        Assert.True(numbers.Length > 12, $"{numbers.Length}");
        Assert.All(numbers, number => Assert.Equal("int64", number.Value.GetProperty("format").GetString()));
    }

    [Fact]
    public async Task It_is_the_same_for_everybody_and_need_not_be_sent_again()
    {
        using HttpResponseMessage first = await app.SendAsync("GET", "/openapi/v1.json");
        string tag = first.Headers.ETag!.ToString();
        using HttpResponseMessage again = await app.SendAsync(
            "GET",
            "/openapi/v1.json",
            null,
            ("If-None-Match", tag),
            ("Host", "localhost:9999")
        );
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("application/json", first.Content.Headers.ContentType!.MediaType);
    }

    private static IEnumerable<JsonElement> Operations(JsonElement document) =>
        document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value);

    private static void AssertText(JsonElement described, string what) =>
        Assert.True(
            described.TryGetProperty("description", out JsonElement text)
                && text.GetString() is { Length: > 3 } words
                && words.TrimEnd().EndsWith('.'),
            $"{what} has no description."
        );
}
