using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OrleansMemory.AspNetCore;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Tools;

/// <summary>
/// A tool: arguments are read strictly, the call is for the request's caller, and whatever is wrong is a result with a code.
/// </summary>
internal abstract class MemoryTool : McpServerTool
{
    private readonly string[] _names;

    /// <summary>Makes a tool.</summary>
    /// <param name="outputSchema">The JSON schema of its data.</param>
    protected MemoryTool(string name, JsonElement outputSchema)
    {
        ToolDescription description = ToolDescription.Read(name);
        Writes = !description.ReadOnly;
        ProtocolTool = description.ToTool(name, outputSchema);
        _names = JsonText.TryGetProperty(description.InputSchema, "properties", out JsonElement properties)
            ? [.. properties.EnumerateObject().Select(JsonText.ReadName)]
            : [];
    }

    /// <summary>Whether it changes anything.</summary>
    public bool Writes { get; }

    /// <inheritdoc />
    public sealed override Tool ProtocolTool { get; }

    /// <inheritdoc />
    public sealed override IReadOnlyList<object> Metadata => [];

    /// <inheritdoc />
    public sealed override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            using var call = MemoryCall.Begin(request);
            return Writes && !call.Caller.MayWrite
                ? ToolResults.Of(Failures.MayNotWrite())
                : await RunAsync(call, Read(request.Params.Arguments), cancellationToken);
        }
        catch (Exception failure) when (!(failure is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            return ToolResults.Of(Rename(Failures.Of(failure, request, ProtocolTool.Name)));
        }
    }

    /// <summary>Does what the tool is for.</summary>
    /// <param name="call">For whom.</param>
    /// <param name="arguments">The arguments, of known names.</param>
    protected abstract Task<CallToolResult> RunAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken);

    /// <summary>The argument that a part of a request to the memory was made of.</summary>
    /// <param name="parameter">The part, as an error names it.</param>
    protected virtual string ArgumentOf(string parameter) => parameter;

    private StrictObject Read(IDictionary<string, JsonElement>? arguments)
    {
        Dictionary<string, JsonElement> given = arguments is null ? [] : new(arguments, StringComparer.Ordinal);
        return given.Keys.FirstOrDefault(name => !_names.Contains(name, StringComparer.Ordinal)) is { } unknown
            ? throw new InvalidRequestException(unknown, $"This argument is not known. Known here: {string.Join(", ", _names)}.")
            : StrictObject.Of(given);
    }

    private Problem Rename(Problem problem)
    {
        int at = Array.FindIndex(problem.Members, static member => member is ("parameter", string));
        if (at < 0)
        {
            return problem;
        }

        string parameter = (string)problem.Members[at].Value!;
        string argument = ArgumentOf(parameter);
        string detail = problem.Detail.StartsWith(parameter + " ", StringComparison.Ordinal)
            ? argument + problem.Detail[parameter.Length..]
            : problem.Detail;

        // A text that says what is right, but not where, is no help to a model.
        return problem with
        {
            Detail = detail.StartsWith(argument + " ", StringComparison.Ordinal) ? detail : $"{argument}: {detail}",
            Members = [.. problem.Members.Select((member, i) => i == at ? ("parameter", (object?)argument) : member)],
        };
    }
}
