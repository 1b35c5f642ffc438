using ModelContextProtocol.Protocol;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Conversations;
using OrleansMemory.Mcp.Results;

namespace OrleansMemory.Mcp.Resources;

/// <summary><c>conversation://{id}</c>: a conversation from its newest message on, as much of it as one result may hold.</summary>
internal sealed class ConversationResource()
    : TextResource(
        Scheme,
        new ResourceTemplate
        {
            Name = "conversation",
            Title = "A conversation",
            UriTemplate = Scheme + "{id}",
            Description =
                "The messages of a conversation, the newest first, as quotations. The last line has the address of the next part.",
            MimeType = MimeType,
        }
    )
{
    /// <summary>The scheme of its addresses.</summary>
    public const string Scheme = "conversation://";

    /// <summary>How many messages a part has at most.</summary>
    private const int Limit = 200;

    /// <inheritdoc />
    protected override async Task<string> ReadAsync(MemoryCall call, ResourceAddress address, CancellationToken cancellationToken)
    {
        string id = address.Segments is [{ } only]
            ? only
            : throw new InvalidRequestException("uri", $"A conversation has the address {Scheme} and its id, percent-encoded.");
        ConversationAnswer read = await ConversationReader.ReadAsync(
            call,
            new ReadRequest(id) { Limit = Limit, Cursor = address.Cursor },
            cancellationToken
        );
        return Transcript.Of(id, read.Messages) + ResourceAddress.More(ResourceAddress.Write(Scheme, id), read.Next);
    }
}
