using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Prompts;

/// <summary>
/// A prompt with quotations of the memory in it. It is made for the request's caller, and whatever is wrong is an error of the protocol
/// with a code in its data.
/// </summary>
/// <param name="prompt">What clients are told of it.</param>
internal abstract class MemoryPrompt(Prompt prompt) : McpServerPrompt
{
    /// <inheritdoc />
    public sealed override Prompt ProtocolPrompt => prompt;

    /// <inheritdoc />
    public sealed override IReadOnlyList<object> Metadata => [];

    /// <inheritdoc />
    public sealed override async ValueTask<GetPromptResult> GetAsync(
        RequestContext<GetPromptRequestParams> request,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            using var call = MemoryCall.Begin(request);
            string text = await WriteAsync(call, Read(request.Params.Arguments), cancellationToken);
            return new GetPromptResult
            {
                Description = prompt.Description,
                Messages =
                [
                    new PromptMessage
                    {
                        Role = Role.User,
                        Content = new TextContentBlock { Text = text },
                    },
                ],
            };
        }
        catch (Exception failure)
            when (failure is not McpException && !(failure is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw Failures.ToProtocol(Failures.Of(failure, request, prompt.Name), request);
        }
    }

    /// <summary>Writes it.</summary>
    /// <param name="call">For whom.</param>
    /// <param name="arguments">The arguments, of known names.</param>
    protected abstract Task<string> WriteAsync(MemoryCall call, StrictObject arguments, CancellationToken cancellationToken);

    private StrictObject Read(IDictionary<string, JsonElement>? arguments)
    {
        Dictionary<string, JsonElement> given = arguments is null ? [] : new(arguments, StringComparer.Ordinal);
        string[] known = [.. prompt.Arguments!.Select(static argument => argument.Name)];
        return given.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown
            ? throw new InvalidRequestException(unknown, $"This argument is not known. Known here: {string.Join(", ", known)}.")
            : StrictObject.Of(given);
    }
}
