using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenApi;

public sealed class OpenApiTests(SiloApp app) : IClassFixture<SiloApp>
{
    private static readonly string[] Operations =
    [
        "DELETE /v1/conversations/{id} deleteConversation",
        "DELETE /v1/conversations/{id}/entries/{namespace}/{key} deleteEntry",
        "DELETE /v1/conversations/{id}/messages clearMessages",
        "DELETE /v1/conversations/{id}/working-memory/{type} deleteWorkingMemory",
        "DELETE /v1/memories/{id} deleteMemory",
        "DELETE /v1/users/{userId} eraseUser",
        "GET /health/live getLive",
        "GET /health/ready getReady",
        "GET /v1/audit listAudit",
        "GET /v1/caller getCaller",
        "GET /v1/conversations listConversations",
        "GET /v1/conversations/{id} getConversation",
        "GET /v1/conversations/{id}/entries getAllEntries",
        "GET /v1/conversations/{id}/entries/{namespace} getEntries",
        "GET /v1/conversations/{id}/entries/{namespace}/{key} getEntry",
        "GET /v1/conversations/{id}/events watchConversation",
        "GET /v1/conversations/{id}/export exportConversation",
        "GET /v1/conversations/{id}/globals getGlobals",
        "GET /v1/conversations/{id}/memory-object getMemoryObject",
        "GET /v1/conversations/{id}/messages getMessages",
        "GET /v1/conversations/{id}/search searchConversation",
        "GET /v1/conversations/{id}/turns/{turnId}/messages getTurnMessages",
        "GET /v1/conversations/{id}/window getWindow",
        "GET /v1/conversations/{id}/working-memory listWorkingMemories",
        "GET /v1/conversations/{id}/working-memory/{type} getWorkingMemory",
        "GET /v1/memories listMemories",
        "GET /v1/memories/{id} getMemory",
        "GET /v1/memories/{id}/history getMemoryHistory",
        "GET /v1/search searchUser",
        "GET /v1/silos listSilos",
        "GET /v1/tenant getTenant",
        "GET /v1/tenants listTenants",
        "GET /v1/tenants/{tenant}/quotas getQuotas",
        "GET /v1/usage getUsage",
        "GET /v1/usage/conversations listUsageOfConversations",
        "GET /v1/usage/days listUsageOfDays",
        "GET /v1/usage/users listUsageOfUsers",
        "GET /v1/users/{userId}/export exportUser",
        "PATCH /v1/conversations/{id} patchConversation",
        "PATCH /v1/conversations/{id}/globals patchGlobals",
        "PATCH /v1/conversations/{id}/working-memory/{type} updateWorkingMemory",
        "PATCH /v1/memories/{id} patchMemory",
        "POST /v1/conversations/{id}/fork forkConversation",
        "POST /v1/conversations/{id}/import importConversation",
        "POST /v1/conversations/{id}/messages appendMessages",
        "POST /v1/conversations/{id}/messages/truncate truncateMessages",
        "POST /v1/conversations/{id}/turns commitTurn",
        "POST /v1/memories recordMemories",
        "POST /v1/memories/search recallMemories",
        "POST /v1/users/{userId}/import importUser",
        "PUT /v1/conversations/{id} putConversation",
        "PUT /v1/conversations/{id}/entries/{namespace}/{key} putEntry",
        "PUT /v1/conversations/{id}/memory-object putMemoryObject",
        "PUT /v1/conversations/{id}/working-memory/{type} putWorkingMemory",
        "PUT /v1/tenant putTenant",
        "PUT /v1/tenants/{tenant}/quotas putQuotas",
    ];

    [Fact]
    public async Task Every_route_is_described()
    {
        JsonElement document = await app.AskAsync(HttpStatusCode.OK, "GET", "/openapi/v1.json");

        IEnumerable<(string Name, JsonElement Value)> operations = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Select(method =>
                        (
                            $"{method.Name.ToUpperInvariant()} {path.Name} {method.Value.GetProperty("operationId").GetString()}",
                            method.Value
                        )
                    )
            );
        Assert.Equal(Operations, operations.Select(operation => operation.Name).Order(StringComparer.Ordinal));
        Assert.All(
            operations,
            operation =>
            {
                Assert.NotEqual(0, operation.Value.GetProperty("tags").GetArrayLength());
                Assert.False(string.IsNullOrEmpty(operation.Value.GetProperty("summary").GetString()));
                bool isApi = operation.Name.Contains("/v1/", StringComparison.Ordinal);
                Assert.Equal(isApi, operation.Value.GetProperty("responses").TryGetProperty("400", out _));
            }
        );
    }

    [Fact]
    public async Task A_generated_client_can_name_and_hold_everything()
    {
        JsonElement document = await app.AskAsync(HttpStatusCode.OK, "GET", "/openapi/v1.json");
        JsonElement[] parameters =
        [
            .. document
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject())
                .Where(method => method.Value.TryGetProperty("parameters", out _))
                .SelectMany(method => method.Value.GetProperty("parameters").EnumerateArray()),
        ];
        Assert.True(parameters.Length > 50, $"{parameters.Length}");
        Assert.All(
            parameters,
            parameter =>
            {
                Assert.Matches("^[A-Za-z][A-Za-z0-9-]*$", parameter.GetProperty("name").GetString());
                Assert.True(
                    parameter.GetProperty("schema").GetProperty("type").GetString() is not "integer"
                        || parameter.GetProperty("schema").TryGetProperty("format", out _),
                    $"{parameter}"
                );
            }
        );
        JsonElement metadata = parameters.First(parameter => parameter.GetProperty("name").GetString() == "metadata");
        Assert.Equal(
            ("array", "string"),
            (
                metadata.GetProperty("schema").GetProperty("type").GetString(),
                metadata.GetProperty("schema").GetProperty("items").GetProperty("type").GetString()
            )
        );
        Assert.All(
            document.GetProperty("components").GetProperty("schemas").EnumerateObject(),
            schema =>
            {
                Assert.Matches("^[A-Za-z][A-Za-z0-9]*$", schema.Name);
                if (schema.Value.TryGetProperty("properties", out JsonElement properties))
                {
                    Assert.All(properties.EnumerateObject(), property => Assert.Matches("^[A-Za-z$][A-Za-z0-9]*$", property.Name));

                    // A generator gives an object that is open a member of this name.
                    bool isOpen =
                        !schema.Value.TryGetProperty("additionalProperties", out JsonElement others)
                        || others.ValueKind != JsonValueKind.False;
                    Assert.False(isOpen && properties.TryGetProperty("additionalProperties", out _), schema.Name);
                    Assert.False(isOpen && schema.Name.EndsWith("Body", StringComparison.Ordinal), schema.Name);

                    // An object of which nothing is said has no property at all in the eyes of TypeScript.
                    Assert.All(
                        properties
                            .EnumerateObject()
                            .Where(property =>
                                property.Value.TryGetProperty("type", out JsonElement type)
                                && type.ToString().Contains("object", StringComparison.Ordinal)
                            ),
                        property =>
                            Assert.True(
                                property.Value.TryGetProperty("additionalProperties", out _)
                                    || property.Value.TryGetProperty("properties", out _),
                                $"{schema.Name}.{property.Name}"
                            )
                    );
                }
            }
        );
    }

    [Fact]
    public async Task Errors_parameters_and_bodies_are_described()
    {
        JsonElement document = await app.AskAsync(HttpStatusCode.OK, "GET", "/openapi/v1.json");
        JsonElement messages = document.GetProperty("paths").GetProperty("/v1/conversations/{id}/messages");

        Assert.Equal(
            ["id", "limit", "after", "before", "role", "order", "maxTokens"],
            messages
                .GetProperty("get")
                .GetProperty("parameters")
                .EnumerateArray()
                .Select(parameter => parameter.GetProperty("name").GetString())
        );
        JsonElement events = document.GetProperty("paths").GetProperty("/v1/conversations/{id}/events").GetProperty("get");
        Assert.Equal(
            ["path id", "query after", "header Last-Event-ID"],
            events
                .GetProperty("parameters")
                .EnumerateArray()
                .Select(parameter => $"{parameter.GetProperty("in")} {parameter.GetProperty("name")}")
        );
        Assert.True(events.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("text/event-stream", out _));
        JsonElement post = messages.GetProperty("post");
        Assert.Equal(
            2,
            post.GetProperty("requestBody")
                .GetProperty("content")
                .GetProperty("application/json")
                .GetProperty("schema")
                .GetProperty("oneOf")
                .GetArrayLength()
        );
        JsonElement conflict = post.GetProperty("responses")
            .GetProperty("409")
            .GetProperty("content")
            .GetProperty("application/problem+json");
        Assert.Equal("#/components/schemas/ProblemDocument", conflict.GetProperty("schema").GetProperty("$ref").GetString());
        JsonElement turn = document.GetProperty("components").GetProperty("schemas").GetProperty("TurnBody").GetProperty("properties");
        Assert.Equal(
            ["conditions", "entries", "expectedVersion", "globals", "keepLast", "messages", "mustExist", "object", "settings", "turnId"],
            turn.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            "bearer",
            document.GetProperty("components").GetProperty("securitySchemes").GetProperty("apiKey").GetProperty("scheme").GetString()
        );
    }
}
