using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Resources;

/// <summary>
/// A resource of fenced text: the read is for the request's caller, and whatever is wrong is an error of the protocol with a code in its
/// data.
/// </summary>
/// <param name="scheme">The scheme of its addresses, with its colon and slashes.</param>
/// <param name="template">What clients are told of it.</param>
internal abstract class TextResource(string scheme, ResourceTemplate template) : McpServerResource
{
    /// <summary>What its contents are.</summary>
    public const string MimeType = "text/plain";

    /// <inheritdoc />
    public sealed override ResourceTemplate ProtocolResourceTemplate => template;

    /// <inheritdoc />
    public sealed override IReadOnlyList<object> Metadata => [];

    /// <inheritdoc />
    public sealed override bool IsMatch(string uri) => ResourceAddress.IsOf(uri, scheme);

    /// <inheritdoc />
    public sealed override async ValueTask<ReadResourceResult> ReadAsync(
        RequestContext<ReadResourceRequestParams> request,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            using var call = MemoryCall.Begin(request);
            string text = await ReadAsync(call, ResourceAddress.Read(request.Params.Uri, scheme), cancellationToken);
            return new ReadResourceResult
            {
                Contents =
                [
                    new TextResourceContents
                    {
                        Uri = request.Params.Uri,
                        MimeType = MimeType,
                        Text = text,
                    },
                ],
            };
        }
        catch (Exception failure)
            when (failure is not McpException && !(failure is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw Failures.ToProtocol(Failures.Of(failure, request, template.Name), request);
        }
    }

    /// <summary>Reads it.</summary>
    /// <param name="call">For whom.</param>
    protected abstract Task<string> ReadAsync(MemoryCall call, ResourceAddress address, CancellationToken cancellationToken);
}
