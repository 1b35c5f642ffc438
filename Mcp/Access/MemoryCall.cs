using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using OrleansMemory.Auditing;
using OrleansMemory.Client;
using OrleansMemory.Client.Json;
using OrleansMemory.Client.Memories;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Mcp.Access;

/// <summary>One request of a client: for whom it is, and what of the memory it reaches.</summary>
internal sealed class MemoryCall : IDisposable
{
    private readonly IDisposable? _binding;

    private MemoryCall(McpCaller caller, ConversationClient client, int maxResultLength)
    {
        Caller = caller;
        Client = client;
        MaxResultLength = maxResultLength;

        // It goes with every call of a grain, whichever tool makes it: none can forget it.
        _binding = caller.UserId is { } user ? BoundUser.Bind(user) : null;
        if (caller.Actor is { } actor)
        {
            AuditActor.Set(actor);
        }
    }

    /// <summary>For whom it is.</summary>
    public McpCaller Caller { get; }

    /// <summary>The conversations.</summary>
    public ConversationClient Client { get; }

    /// <summary>The most characters of stored texts in the result.</summary>
    public int MaxResultLength { get; }

    /// <summary>The memories of the tenant, by id.</summary>
    public TenantMemories Memories => Client.TenantMemories(Caller.Tenant);

    /// <summary>Begins to serve a request: until it is disposed of, what is called is for the request's caller.</summary>
    /// <exception cref="InvalidOperationException">It is not set for whom the request is.</exception>
    public static MemoryCall Begin(MessageContext request) =>
        new(
            CallerOf(request),
            ServicesOf(request).GetRequiredService<ConversationClient>(),
            ServicesOf(request).GetRequiredService<IOptions<McpMemoryOptions>>().Value.MaxResultLength
        );

    /// <summary>For whom a request is.</summary>
    /// <exception cref="InvalidOperationException">It is not set.</exception>
    public static McpCaller CallerOf(MessageContext request) =>
        ServicesOf(request).GetRequiredService<CallerSlot>().Caller
        ?? throw new InvalidOperationException(
            "It is not known for whom this request is: map the route with MapOrleansMemoryMcp, or add the tools with a caller of their own by WithOrleansMemory."
        );

    /// <summary>A conversation.</summary>
    /// <returns>A handle.</returns>
    /// <exception cref="InvalidRequestException">The id is not valid.</exception>
    public Conversation Conversation(string id)
    {
        try
        {
            return Caller.Tenant is { } tenant ? Client.Get(tenant, id) : Client.Get(id);
        }
        catch (InvalidRequestException invalid)
        {
            throw new InvalidRequestException("conversationId", invalid.Message);
        }
    }

    /// <summary>The user that a request is about. A caller who is bound to one need not name it.</summary>
    /// <param name="named">The user that is named; <see langword="null"/> for none.</param>
    /// <returns>The user; <see langword="null"/> for none.</returns>
    /// <exception cref="UserNotAllowedException">The caller is bound to another user.</exception>
    public string? User(string? named) =>
        named is null || Caller.UserId is not { } bound || named.Equals(bound, StringComparison.Ordinal)
            ? named ?? Caller.UserId
            : throw new UserNotAllowedException();

    /// <summary>The memories of an agent, a user or a session.</summary>
    /// <param name="arguments">The arguments <c>agent</c>, <c>user</c> and <c>session</c>.</param>
    /// <param name="leftOut">What it means to leave one of them out.</param>
    /// <returns>A handle.</returns>
    /// <exception cref="InvalidRequestException">No name is given, or a name is not valid.</exception>
    /// <exception cref="UserNotAllowedException">The caller is bound to another user.</exception>
    public ScopedMemories Scope(StrictObject arguments, string leftOut) =>
        Client.Memories(
            MemoryScope.Create(
                Caller.Tenant ?? Client.DefaultTenant,
                ScopeFields.Name(arguments, "agent", leftOut),
                User(ScopeFields.Name(arguments, "user", leftOut)),
                ScopeFields.Name(arguments, "session", leftOut)
            )
        );

    /// <inheritdoc />
    public void Dispose() => _binding?.Dispose();

    private static IServiceProvider ServicesOf(MessageContext request) =>
        request.Services ?? throw new InvalidOperationException("The MCP server was made without services.");
}
