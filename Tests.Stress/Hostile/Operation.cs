using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>An operation of the OpenAPI document.</summary>
/// <param name="Method">Its method, in upper case.</param>
/// <param name="Path">Its path, with placeholders.</param>
/// <param name="PathParameters">The placeholders with their examples.</param>
/// <param name="Query">Its query parameters.</param>
/// <param name="Bodies">Examples of its body.</param>
/// <param name="ContentTypes">The content types that its body may have.</param>
/// <param name="Answers">The schema of each answer by status; an undefined one for an answer without JSON.</param>
internal sealed record Operation(
    string Id,
    string Method,
    string Path,
    ImmutableArray<(string Name, string Example)> PathParameters,
    ImmutableArray<(string Name, string Type, string? Example)> Query,
    ImmutableArray<string> Headers,
    ImmutableArray<JsonElement> Bodies,
    ImmutableArray<string> ContentTypes,
    ImmutableDictionary<int, JsonElement> Answers
)
{
    /// <summary>Whether it has a body.</summary>
    public bool HasBody => !ContentTypes.IsEmpty;

    /// <summary>The operations of a document.</summary>
    public static ImmutableArray<Operation> All(JsonElement document) =>
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            select Read(path.Name, method.Name.ToUpperInvariant(), method.Value),
        ];

    private static Operation Read(string path, string method, JsonElement operation)
    {
        JsonElement[] parameters = operation.TryGetProperty("parameters", out JsonElement some) ? [.. some.EnumerateArray()] : [];
        JsonProperty[] contents = operation.TryGetProperty("requestBody", out JsonElement body)
            ? [.. body.GetProperty("content").EnumerateObject()]
            : [];
        return new Operation(
            operation.GetProperty("operationId").GetString()!,
            method,
            path,
            [.. In("path").Select(parameter => (Name(parameter), Example(parameter) ?? "any"))],
            [
                .. In("query")
                    .Select(parameter =>
                        (Name(parameter), parameter.GetProperty("schema").GetProperty("type").GetString()!, Example(parameter))
                    ),
            ],
            [.. In("header").Select(Name)],
            [.. contents.Take(1).SelectMany(content => Examples(content.Value))],
            [.. contents.Select(content => content.Name)],
            operation
                .GetProperty("responses")
                .EnumerateObject()
                .ToImmutableDictionary(
                    answer => int.Parse(answer.Name, System.Globalization.CultureInfo.InvariantCulture),
                    answer => Schema(answer.Value)
                )
        );

        IEnumerable<JsonElement> In(string place) => parameters.Where(parameter => parameter.GetProperty("in").GetString() == place);
        static string Name(JsonElement parameter) => parameter.GetProperty("name").GetString()!;
        static string? Example(JsonElement parameter) =>
            parameter.TryGetProperty("example", out JsonElement example) ? example.ToString() : null;
    }

    private static IEnumerable<JsonElement> Examples(JsonElement content) =>
        content.TryGetProperty("example", out JsonElement one)
            ? [one]
            : content.GetProperty("examples").EnumerateObject().Select(example => example.Value.GetProperty("value"));

    private static JsonElement Schema(JsonElement answer) =>
        answer.TryGetProperty("content", out JsonElement content)
        && content.EnumerateObject().FirstOrDefault(type => type.Name.EndsWith("json", StringComparison.Ordinal)).Value
            is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("schema", out JsonElement schema)
            ? schema
            : default;
}
