using ModelContextProtocol.Protocol;
using OrleansMemory.Client.Memories;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Memories;
using OrleansMemory.Mcp.Results;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp.Resources;

/// <summary><c>memory://{scope}</c>: the memories of an agent, a user or a session, the one recorded last first.</summary>
internal sealed class MemoryResource()
    : TextResource(
        Scheme,
        new ResourceTemplate
        {
            Name = "memories",
            Title = "Memories",
            UriTemplate = Scheme + "{scope}",
            Description =
                "The memories of a scope, such as memory://user=ada or memory://agent=guide/user=ada, the one recorded last first, as quotations. The last line has the address of the next part.",
            MimeType = MimeType,
        }
    )
{
    /// <summary>The scheme of its addresses.</summary>
    public const string Scheme = "memory://";

    private const int PartMemories = 20;

    private static readonly string[] Names = ["agent", "user", "session"];

    /// <summary>The address of a user's memories.</summary>
    public static string AddressOf(string user) => ResourceAddress.Write(Scheme, $"user={user}");

    /// <inheritdoc />
    protected override async Task<string> ReadAsync(MemoryCall call, ResourceAddress address, CancellationToken cancellationToken)
    {
        MemoryScope scope = ScopeOf(call, address);
        ScopedMemories memories = call.Client.Memories(scope);
        MemoryPage page = await memories.ListAsync(
            new MemoryListQuery { Limit = PartMemories, Cursor = address.Cursor },
            cancellationToken
        );
        int most = call.MaxResultLength / PartMemories;
        IEnumerable<MemoryAnswer> shown = page.Memories.Select(memory =>
        {
            // Each has its share of the part, so that the list's own cursor goes on behind the last one.
            _ = new TextPage(most).TryAdd(MemoryReader.TextOf(memory), 0, out TextPiece piece);
            return MemoryReader.ToAnswer(memory, piece, score: null);
        });
        return MemoryReader.Describe(shown) + ResourceAddress.More(ResourceAddress.Write(Scheme, address.Segments), page.Next);
    }

    private static MemoryScope ScopeOf(MemoryCall call, ResourceAddress address)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string segment in address.Segments)
        {
            string[] parts = segment.Split('=', 2);
            if (parts.Length != 2 || !Names.Contains(parts[0], StringComparer.Ordinal) || !named.TryAdd(parts[0], parts[1]))
            {
                throw new InvalidRequestException(
                    "uri",
                    $"A scope of memories is written {Scheme}agent=…/user=…/session=…, with at least one of the three, each value percent-encoded."
                );
            }
        }

        return MemoryScope.Create(
            call.Caller.Tenant ?? call.Client.DefaultTenant,
            named.GetValueOrDefault("agent"),
            call.User(named.GetValueOrDefault("user")),
            named.GetValueOrDefault("session")
        );
    }
}
