using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Silo.Api.Documents;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>
/// Asks a scope's memories a question. At least one of agent, user and session is named, and all that are named must match. What is not
/// named is left out: null is refused.
/// </summary>
internal sealed record RecallBody
{
    /// <summary>The agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The user.</summary>
    public string? User { get; init; }

    /// <summary>The session.</summary>
    public string? Session { get; init; }

    /// <summary>What to look for, in plain words; up to 64 KiB.</summary>
    public required string Query { get; init; }

    /// <summary>How many memories at most, 1 to 1,000. Default: 10.</summary>
    public int? Limit { get; init; }

    /// <summary>turn or fact; left out for both.</summary>
    public string? Kind { get; init; }

    /// <summary>
    /// What the metadata must have: for each property a string, a number, true, false or null; a list of these, of which it has one; or an
    /// object of comparisons: any, all and none with lists, atLeast, above, atMost and below with a number or a date. $or and $and hold
    /// lists of such filters. Up to 64 conditions, of which 16 that are no number, list or object.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Filters { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The instant from which "yesterday" or "last month" in the query count; left out, now.</summary>
    public DateTimeOffset? ReferenceInstant { get; init; }

    /// <summary>Leaves out what was recorded from this conversation; left out, nothing.</summary>
    public string? ExceptConversation { get; init; }

    /// <summary>Leaves out memories whose score is less than this, 0 to 1; left out, none.</summary>
    public double? MinScore { get; init; }

    /// <summary>Only memories that were recorded without these names: agent, user, session. Left out, whatever names they have.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Whether to tell of each memory why it was recalled. Default: false.</summary>
    public bool Explain { get; init; }

    /// <summary>Reads a question.</summary>
    /// <param name="root">The body.</param>
    /// <exception cref="InvalidRequestException">A field is unknown, missing or not of its kind.</exception>
    public static RecallBody Read(JsonElement root)
    {
        StrictObject body = StrictObject.Read(
            root,
            string.Empty,
            "agent",
            "user",
            "session",
            "query",
            "limit",
            "kind",
            "filters",
            "referenceInstant",
            "exceptConversation",
            "minScore",
            "without",
            "explain"
        );
        return new RecallBody
        {
            Agent = ScopeFields.Name(body, "agent", ScopeFields.OfRecall),
            User = ScopeFields.Name(body, "user", ScopeFields.OfRecall),
            Session = ScopeFields.Name(body, "session", ScopeFields.OfRecall),
            Query = body.RequiredText("query"),
            Limit = ToLimit(body.Integer("limit")),
            Kind = body.Text("kind"),
            Filters = body.TryGet("filters", out JsonElement filters) ? StrictObject.ReadMap(filters, "filters") : [],
            ReferenceInstant = body.Instant("referenceInstant"),
            ExceptConversation = body.Text("exceptConversation"),
            MinScore = ToShare(body),
            Without = ScopeFields.Without(body),
            Explain = body.Flag("explain"),
        };
    }

    /// <summary>The question to ask.</summary>
    /// <exception cref="InvalidRequestException">A filter is no plain value, or the kind is unknown.</exception>
    public RecallRequest ToRequest() =>
        new()
        {
            Query = Query,
            Limit = Limit,
            Kind = MemoryKinds.Read(Kind),
            Metadata = FiltersField.Labels(Filters),
            Filter = FiltersField.Others(Filters),
            ReferenceInstant = ReferenceInstant,
            ExceptConversation = ExceptConversation,
            MinScore = MinScore,
            Without = ScopeFields.ToFlags(Without),
            Explain = Explain,
        };

    private static int? ToLimit(long? limit) =>
        limit is null or (>= 1 and <= 1_000)
            ? (int?)limit
            : throw new InvalidRequestException("limit", "A whole number from 1 to 1000 is expected here.");

    private static double? ToShare(StrictObject body) =>
        !body.TryGet("minScore", out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double share) && share is >= 0 and <= 1 ? share
        : throw new InvalidRequestException("minScore", "A number from 0 to 1 is expected here.");
}
