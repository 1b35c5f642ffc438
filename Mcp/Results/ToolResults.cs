using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Protocol;
using OrleansMemory.AspNetCore;

namespace OrleansMemory.Mcp.Results;

/// <summary>Makes results of tools: a text for models, and the same as data for programs.</summary>
internal static class ToolResults
{
    private const string Error = "error";

    // No text is longer in an error: a name of an argument may be as long as the request.
    private const int MaxErrorLength = 2_000;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>A result.</summary>
    /// <typeparam name="TAnswer">What the tool answers with.</typeparam>
    /// <param name="text">The text for models.</param>
    /// <param name="answer">The data.</param>
    public static CallToolResult Of<TAnswer>(string text, TAnswer answer) =>
        new() { Content = [new TextContentBlock { Text = text }], StructuredContent = JsonSerializer.SerializeToElement(answer, Options) };

    /// <summary>A result that says what was wrong, and what would be right.</summary>
    public static CallToolResult Of(Problem problem)
    {
        string message = Cut(problem.Detail);
        var error = new JsonObject { ["message"] = message };
        foreach ((string name, object value) in Failures.DataOf(problem))
        {
            error[name] = value is long number ? JsonValue.Create(number) : JsonValue.Create(Cut(value.ToString()!));
        }

        string retry = problem.RetryAfter is null
            ? ""
            : FormattableString.Invariant($" Try again in {error["retryAfterSeconds"]!.GetValue<long>()} seconds.");
        return new CallToolResult
        {
            IsError = true,
            Content = [new TextContentBlock { Text = $"{problem.Code}: {message}{retry}" }],
            StructuredContent = JsonSerializer.SerializeToElement(new JsonObject { [Error] = error }, Options),
        };
    }

    /// <summary>The schema of a tool's data, that of an error included: clients compare the data of errors with it as well.</summary>
    public static JsonElement SchemaOf<TAnswer>()
    {
        JsonObject schema = JsonSerializer
            .SerializeToNode(AIJsonUtilities.CreateJsonSchema(typeof(TAnswer), serializerOptions: Options))!
            .AsObject();
        JsonNode required = schema["required"]!.DeepClone();
        schema.Remove("required");
        schema.Remove("$schema");
        schema["properties"]!.AsObject()[Error] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "What was wrong and what would be right; the only field of a result with isError.",
            ["properties"] = new JsonObject
            {
                ["code"] = new JsonObject { ["type"] = "string", ["description"] = "A stable code, for programs." },
                ["message"] = new JsonObject { ["type"] = "string" },
                ["parameter"] = new JsonObject { ["type"] = "string", ["description"] = "The argument that is wrong." },
                ["retryAfterSeconds"] = new JsonObject { ["type"] = "integer" },
            },
            ["required"] = new JsonArray("code", "message"),
        };
        schema["anyOf"] = new JsonArray(new JsonObject { ["required"] = required }, new JsonObject { ["required"] = new JsonArray(Error) });
        return JsonSerializer.SerializeToElement(schema, Options);
    }

    private static string Cut(string text) =>
        Fence.Clean(text.Length <= MaxErrorLength ? text : string.Concat(text.AsSpan(0, MaxErrorLength), "…"))!;
}
