using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace OrleansMemory.Mcp.Tools;

/// <summary>What clients are told of a tool: <c>Schemas/{name}.json</c>.</summary>
internal sealed record ToolDescription
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Its name for people.</summary>
    public required string Title { get; init; }

    /// <summary>What it does, for models.</summary>
    public required string Description { get; init; }

    /// <summary>Whether it changes nothing.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Whether something is lost by it.</summary>
    public bool Destructive { get; init; }

    /// <summary>Whether the same call again changes nothing more.</summary>
    public bool Idempotent { get; init; }

    /// <summary>The JSON schema of its arguments.</summary>
    public required JsonElement InputSchema { get; init; }

    /// <summary>Reads the description of a tool.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static ToolDescription Read(string name)
    {
        using Stream file =
            typeof(ToolDescription).Assembly.GetManifestResourceStream($"{typeof(ToolDescription).Namespace}.Schemas.{name}.json")
            ?? throw new InvalidOperationException($"The tool {name} has no description.");
        return JsonSerializer.Deserialize<ToolDescription>(file, Options)
            ?? throw new InvalidOperationException($"The description of the tool {name} is empty.");
    }

    /// <summary>The tool as the protocol has it.</summary>
    /// <param name="outputSchema">The JSON schema of its data.</param>
    public Tool ToTool(string name, JsonElement outputSchema) =>
        new()
        {
            Name = name,
            Title = Title,
            Description = Description,
            InputSchema = InputSchema,
            OutputSchema = outputSchema,
            Annotations = new ToolAnnotations
            {
                Title = Title,
                ReadOnlyHint = ReadOnly,
                DestructiveHint = Destructive,
                IdempotentHint = Idempotent,

                // What it works on is kept here, and nowhere else.
                OpenWorldHint = false,
            },
        };
}
