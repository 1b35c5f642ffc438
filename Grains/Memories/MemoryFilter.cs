using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>The checked conditions of a list of memories.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Agent">The agent, if any.</param>
/// <param name="User">The user, if any.</param>
/// <param name="Session">The session, if any.</param>
/// <param name="Kind">The kind, if it matters.</param>
/// <param name="Labels">The labels that all must be there, each once and in ordinal order.</param>
internal sealed record MemoryFilter(
    string Tenant,
    string? Agent,
    string? User,
    string? Session,
    MemoryKind? Kind,
    ImmutableArray<string> Labels
)
{
    /// <summary>Checks the conditions of a query.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="query">The query.</param>
    /// <returns>The conditions.</returns>
    /// <exception cref="Errors.InvalidRequestException">One of them is not valid.</exception>
    public static MemoryFilter Check(string tenant, MemoryListQuery query) =>
        new(
            tenant,
            MemoryScope.CheckName("agent", query.Agent),
            MemoryScope.CheckName("user", query.User),
            MemoryScope.CheckName("session", query.Session),
            RecallFilter.CheckKind(query.Kind),
            ListFilter.LabelsOf(query.Metadata)
        );

    /// <summary>What tells this filter from others, also of other tenants.</summary>
    /// <returns>A hash.</returns>
    public byte[] Hash()
    {
        // Every part is preceded by its length, so that no two filters have one text.
        var text = new StringBuilder();
        foreach (string? part in (string?[])[Tenant, Agent, User, Session, Kind?.ToString(), .. Labels])
        {
            text.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
