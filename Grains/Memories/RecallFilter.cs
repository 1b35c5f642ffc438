using System.Collections.Immutable;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Memories.Filters;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>The checked bounds and conditions of a recall.</summary>
/// <param name="Query">The question, with U+FFFD in place of what is no character.</param>
/// <param name="Limit">The most memories.</param>
/// <param name="Kind">The kind, if it matters.</param>
/// <param name="Labels">The labels that all must be there.</param>
/// <param name="ExceptConversation">The conversation whose memories are left out; <see langword="null"/> for none.</param>
/// <param name="MinScore">The least score.</param>
/// <param name="Without">The names that a memory must not have been recorded with.</param>
/// <param name="Condition">What its metadata must meet; <see langword="null"/> for nothing.</param>
internal sealed record RecallFilter(
    string Query,
    int Limit,
    MemoryKind? Kind,
    ImmutableArray<string> Labels,
    string? ExceptConversation,
    double MinScore,
    ScopeNames Without,
    MetadataCondition? Condition
)
{
    private const int MaxQueryBytes = 64 * 1024;
    private const int MaxLimit = 1_000;
    private const int DefaultLimit = 10;

    /// <summary>Whether nothing is left out.</summary>
    public bool AcceptsAll =>
        Kind is null && Labels.IsEmpty && ExceptConversation is null && Without == ScopeNames.None && Condition is null;

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Its conditions.</returns>
    /// <exception cref="InvalidRequestException">Some of it is not valid.</exception>
    public static RecallFilter Check(RecallRequest request)
    {
        if (request is null)
        {
            throw new InvalidRequestException("request", "request is missing.");
        }

        string query = StorableText.WellFormed(request.Query);
        if (string.IsNullOrWhiteSpace(query))
        {
            throw new InvalidRequestException("query", "query is empty. Say in plain words what to look for.");
        }

        if (query.Length > MaxQueryBytes || TextRules.Measure(query, "query") > MaxQueryBytes)
        {
            throw new PayloadTooLargeException("query", TextRules.Measure(query, "query"), MaxQueryBytes, "bytes");
        }

        if (request.ExceptConversation is { } except)
        {
            TextRules.Require(except, "exceptConversation", TextRules.MaxNameBytes);
        }

        if (request.MinScore is { } share && !(share is >= 0 and <= 1))
        {
            throw new InvalidRequestException("minScore", $"minScore must be 0 to 1; {share} was given.");
        }

        if ((request.Without & ~ScopeNames.All) != ScopeNames.None)
        {
            throw new InvalidRequestException("without", "without must be of agent, user and session, or not be given.");
        }

        return request.Limit is < 1 or > MaxLimit
            ? throw new InvalidRequestException("limit", $"limit must be 1 to {MaxLimit}; {request.Limit} was given.")
            : new RecallFilter(
                query,
                request.Limit ?? DefaultLimit,
                CheckKind(request.Kind),
                ListFilter.LabelsOf(request.Metadata),
                request.ExceptConversation,
                request.MinScore ?? 0,
                request.Without,
                ConditionReader.Read(request.Filter)
            );
    }

    /// <summary>Refuses a kind that there is not.</summary>
    /// <param name="kind">The kind; <see langword="null"/> for all.</param>
    /// <returns>The kind.</returns>
    public static MemoryKind? CheckKind(MemoryKind? kind) =>
        kind is null or MemoryKind.Turn or MemoryKind.Fact
            ? kind
            : throw new InvalidRequestException("kind", "kind must be Turn or Fact, or not be given.");

    /// <summary>Whether a memory meets the conditions.</summary>
    /// <param name="held">The memory.</param>
    /// <returns>Whether it does.</returns>
    public bool Accepts(HeldMemory held) =>
        (Kind is null || Kind == held.Fact.Kind)
        && HasLabels(held)
        && (ExceptConversation is null || !string.Equals(ExceptConversation, held.Fact.ConversationId, StringComparison.Ordinal))
        && (Without & NamesOf(held.Fact)) == ScopeNames.None
        && Condition?.Accepts(held.Metadata) != false;

    private bool HasLabels(HeldMemory held)
    {
        foreach (string label in Labels)
        {
            if (!held.Labels.Contains(label))
            {
                return false;
            }
        }

        return true;
    }

    private static ScopeNames NamesOf(MemoryFact fact) =>
        (fact.Agent is null ? ScopeNames.None : ScopeNames.Agent)
        | (fact.User is null ? ScopeNames.None : ScopeNames.User)
        | (fact.Session is null ? ScopeNames.None : ScopeNames.Session);
}
