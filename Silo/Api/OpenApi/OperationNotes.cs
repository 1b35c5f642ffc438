using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>
/// Descriptions and examples of all operations: <c>Operations/*.json</c>, a file for each tag. Tests send every example to a silo, and look
/// whether the answers' fit their schemas.
/// </summary>
internal sealed class OperationNotes
{
    private const string Folder = ".Api.OpenApi.Operations.";

    private static readonly Lazy<OperationNotes> Read = new(static () => new OperationNotes());

    private readonly FrozenDictionary<string, OperationNote> _operations;

    private OperationNotes()
    {
        Assembly assembly = typeof(OperationNotes).Assembly;
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var operations = new Dictionary<string, OperationNote>(StringComparer.Ordinal);
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.Contains(Folder, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            JsonNode file = JsonNode.Parse(stream)!;
            tags.Add((string)file["tag"]!, (string)file["description"]!);
            foreach ((string id, JsonNode? note) in file["operations"]!.AsObject())
            {
                operations.Add(id, Note(note!));
            }
        }

        Tags = tags;
        _operations = operations.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>What the files say; they are read once.</summary>
    public static OperationNotes All => Read.Value;

    /// <summary>What each tag is about, by name.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; }

    /// <summary>The note of an operation.</summary>
    /// <param name="operationId">The operation's id.</param>
    /// <returns>The note; <see langword="null"/> when there is none.</returns>
    public OperationNote? Find(string? operationId) => operationId is null ? null : _operations.GetValueOrDefault(operationId);

    /// <summary>Describes an operation.</summary>
    /// <param name="context">Its route.</param>
    /// <param name="cancellationToken">Not needed.</param>
    /// <returns>A finished task.</returns>
    public static Task DescribeAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (All.Find(operation.OperationId) is not { } note)
        {
            return Task.CompletedTask;
        }

        operation.Description = note.Description;
        foreach (OpenApiMediaType body in operation.RequestBody?.Content?.Values ?? [])
        {
            Show(body, note);
        }

        if (note.Answer is { } answer)
        {
            foreach ((string status, IOpenApiResponse response) in operation.Responses ?? [])
            {
                foreach (OpenApiMediaType content in status.StartsWith('2') ? response.Content?.Values ?? [] : [])
                {
                    content.Example = answer;
                }
            }
        }

        return Task.CompletedTask;
    }

    private static void Show(OpenApiMediaType body, OperationNote note)
    {
        if (note.Requests is [(_, { } only)])
        {
            body.Example = only;
        }
        else
        {
            body.Examples = note.Requests.ToDictionary(
                static request => request.Name,
                static request => (IOpenApiExample)new OpenApiExample { Value = request.Value },
                StringComparer.Ordinal
            );
        }
    }

    private static OperationNote Note(JsonNode note) =>
        new(
            (string)note["description"]!,
            [.. (note["requests"]?.AsObject() ?? []).Select(static request => (request.Key, request.Value!))],
            note["answer"]
        );
}
