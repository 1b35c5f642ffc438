using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>The checked conditions of a list.</summary>
/// <param name="UserId">The user, if any.</param>
/// <param name="AgentId">The agent, if any.</param>
/// <param name="ForkOf">The conversation whose forks are wanted, if any.</param>
/// <param name="Labels">The labels that all must be there, each once and in ordinal order.</param>
internal sealed record ListFilter(string Tenant, string? UserId, string? AgentId, string? ForkOf, ImmutableArray<string> Labels)
{
    private const int MaxMatches = 16;
    private const int MaxLimit = 200;
    private const int DefaultLimit = 50;

    /// <summary>Checks the conditions of a query.</summary>
    /// <exception cref="InvalidRequestException">One of them is not valid.</exception>
    public static ListFilter Check(string tenant, ConversationListQuery query)
    {
        TextRules.Allow(query.UserId, "userId", TextRules.MaxNameBytes);
        TextRules.Allow(query.AgentId, "agentId", TextRules.MaxNameBytes);
        TextRules.Allow(query.ForkOf, "forkOf", TextRules.MaxNameBytes);
        return new ListFilter(tenant, query.UserId, query.AgentId, query.ForkOf, LabelsOf(query.Metadata));
    }

    /// <summary>Checks conditions on metadata.</summary>
    /// <returns>The labels that all must be there, each once and in ordinal order.</returns>
    /// <exception cref="InvalidRequestException">One of them is not valid, or there are too many.</exception>
    public static ImmutableArray<string> LabelsOf(ImmutableArray<MetadataMatch> metadata)
    {
        ImmutableArray<MetadataMatch> matches = metadata.IsDefault ? [] : metadata;
        return matches.Length > MaxMatches
            ? throw new InvalidRequestException("metadata", $"There are too many conditions on metadata. There may be up to {MaxMatches}.")
            : [.. matches.Select(LabelOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Checks how many conversations or memories a page may have.</summary>
    /// <param name="limit">The wanted limit.</param>
    public static int CheckLimit(int? limit) =>
        limit is < 1 or > MaxLimit ? throw new InvalidRequestException("limit", $"limit must be 1 to {MaxLimit}.") : limit ?? DefaultLimit;

    /// <summary>What tells this filter from others, also of other tenants.</summary>
    public byte[] Hash()
    {
        // Every part is preceded by its length, so that no two filters have one text.
        var text = new StringBuilder();
        foreach (string? part in (string?[])[Tenant, UserId, AgentId, .. ForkOf is null ? [] : (string?[])["forkOf", ForkOf], .. Labels])
        {
            text.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static string LabelOf(MetadataMatch match)
    {
        if (match is null || string.IsNullOrEmpty(match.Name) || match.Value is null)
        {
            throw new InvalidRequestException("metadata", "A condition on metadata has a name, which is not empty, and a value.");
        }

        return MetadataLabels.Of(match.Name, match.Value)
            ?? throw new InvalidRequestException(
                "metadata",
                $"A condition on metadata is too long or no text that can be stored. Name and value have up to "
                    + $"{MetadataLabels.MaxLabelBytes - 1} bytes of UTF-8, without U+0000."
            );
    }
}
