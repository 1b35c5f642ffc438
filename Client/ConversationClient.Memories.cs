using OrleansMemory.Client.Memories;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Client;

public sealed partial class ConversationClient
{
    /// <summary>The long-term memories of an agent, a user or a session; of all that are named. Nothing is read or created by this.</summary>
    /// <param name="agent">The agent; <see langword="null"/> for every one.</param>
    /// <param name="user">The user; <see langword="null"/> for every one.</param>
    /// <param name="session">The session; <see langword="null"/> for every one.</param>
    /// <param name="tenant">Their tenant; <see langword="null"/> for the default one.</param>
    /// <returns>A handle.</returns>
    /// <exception cref="InvalidRequestException">Nobody is named, or a name or the tenant is not valid.</exception>
    /// <example>
    /// <code>
    /// ScopedMemories memories = client.Memories(user: "ada");
    /// await memories.RecordAsync(new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "Ada never flies at night." }] });
    /// RecallResult result = await memories.RecallAsync("Which flights does Ada take?");
    /// </code>
    /// </example>
    public ScopedMemories Memories(string? agent = null, string? user = null, string? session = null, string? tenant = null) =>
        Memories(MemoryScope.Create(tenant ?? _defaultTenant, agent, user, session));

    /// <summary>The long-term memories of a scope. Nothing is read or created by this.</summary>
    /// <param name="scope">The scope.</param>
    /// <returns>A handle.</returns>
    public ScopedMemories Memories(MemoryScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return new ScopedMemories(scope, _grains.GetGrain<IMemoryGrain>(scope.ToString()), TenantMemories(scope.Tenant), _retry);
    }

    /// <summary>The long-term memories of a whole tenant, by id. Nothing is read or created by this.</summary>
    /// <param name="tenant">The tenant; <see langword="null"/> for the default one.</param>
    /// <returns>A handle.</returns>
    /// <exception cref="InvalidRequestException">The tenant is not valid.</exception>
    public TenantMemories TenantMemories(string? tenant = null)
    {
        tenant ??= _defaultTenant;
        ConversationKey.CheckTenant(tenant);
        return new TenantMemories(tenant, _grains.GetGrain<IMemoryDirectoryGrain>(tenant), _retry);
    }
}
