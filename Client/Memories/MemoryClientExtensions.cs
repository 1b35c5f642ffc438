using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Memories;

/// <summary>Hands out long-term memories.</summary>
public static class MemoryClientExtensions
{
    /// <summary>
    /// The long-term memories of an agent, a user or a session; of all that are named. Nothing is read or created by this.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="agent">The agent; <see langword="null"/> for every one.</param>
    /// <param name="user">The user; <see langword="null"/> for every one.</param>
    /// <param name="session">The session; <see langword="null"/> for every one.</param>
    /// <param name="tenant">Their tenant; <see langword="null"/> for the default one.</param>
    /// <returns>A handle.</returns>
    /// <exception cref="InvalidRequestException">No name is given, or a name or the tenant is not valid.</exception>
    /// <example>
    /// <code>
    /// ScopedMemories memories = client.Memories(user: "ada");
    /// var fact = new NewMemory { Kind = MemoryKind.Fact, Text = "Ada never flies at night." };
    /// await memories.RecordAsync(new RecordRequest { Memories = [fact] });
    /// RecallResult result = await memories.RecallAsync("Which flights does Ada take?");
    /// </code>
    /// </example>
    public static ScopedMemories Memories(
        this ConversationClient client,
        string? agent = null,
        string? user = null,
        string? session = null,
        string? tenant = null
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Memories(MemoryScope.Create(tenant ?? client.DefaultTenant, agent, user, session));
    }

    /// <summary>The long-term memories of a scope. Nothing is read or created by this.</summary>
    /// <param name="client">The client.</param>
    /// <param name="scope">The scope.</param>
    /// <returns>A handle.</returns>
    public static ScopedMemories Memories(this ConversationClient client, MemoryScope scope)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(scope);
        return new ScopedMemories(
            scope,
            client.Grains.GetGrain<IMemoryGrain>(scope.ToString()),
            client.TenantMemories(scope.Tenant),
            client.Retry
        );
    }

    /// <summary>The long-term memories of a whole tenant, by id. Nothing is read or created by this.</summary>
    /// <param name="client">The client.</param>
    /// <param name="tenant">The tenant; <see langword="null"/> for the default one.</param>
    /// <returns>A handle.</returns>
    /// <exception cref="InvalidRequestException">The tenant is not valid.</exception>
    public static TenantMemories TenantMemories(this ConversationClient client, string? tenant = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        tenant ??= client.DefaultTenant;
        ConversationKey.CheckTenant(tenant);
        return new TenantMemories(tenant, client.Grains.GetGrain<IMemoryDirectoryGrain>(tenant), client.Retry);
    }
}
