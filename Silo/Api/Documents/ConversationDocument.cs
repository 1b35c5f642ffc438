using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>A conversation: its settings and counters.</summary>
internal sealed record ConversationDocument
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The user it belongs to.</summary>
    public string? UserId { get; init; }

    /// <summary>The agent it belongs to.</summary>
    public string? AgentId { get; init; }

    /// <summary>A title for people.</summary>
    public string? Title { get; init; }

    /// <summary>The caller's own properties.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Metadata { get; init; }

    /// <summary>How long it lives; null: it does not expire.</summary>
    public TimeToLiveDocument? Ttl { get; init; }

    /// <summary>The number of turns committed, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>How many messages its log holds.</summary>
    public required long MessageCount { get; init; }

    /// <summary>The oldest sequence still in the log; one more than lastSequence when it is empty.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The newest sequence ever given, 0 before the first message.</summary>
    public required long LastSequence { get; init; }

    /// <summary>When its first turn was committed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest turn was committed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The instant from which it is gone; null never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Where it was forked from; null when it is no fork.</summary>
    public OriginDocument? Origin { get; init; }

    /// <summary>The document of a head.</summary>
    /// <param name="head">The head.</param>
    /// <returns>The document.</returns>
    public static ConversationDocument Of(Head head) =>
        new()
        {
            Id = head.Key.Id,
            UserId = head.Settings.UserId,
            AgentId = head.Settings.AgentId,
            Title = head.Settings.Title,
            Metadata = head.Settings.Metadata,
            Ttl = head.Settings.TimeToLive is { } ttl
                ? new TimeToLiveDocument((decimal)ttl.Duration.Ticks / TimeSpan.TicksPerSecond, ttl.Sliding)
                : null,
            Version = head.Version,
            MessageCount = head.MessageCount,
            FirstSequence = head.FirstSequence,
            LastSequence = head.LastSequence,
            CreatedAt = head.CreatedAt,
            UpdatedAt = head.UpdatedAt,
            ExpiresAt = head.ExpiresAt,
            Origin = head.Origin is { } origin ? new OriginDocument(origin.Id, origin.Sequence) : null,
        };
}

/// <summary>How long a conversation lives.</summary>
/// <param name="Seconds">The time it lives, in seconds.</param>
/// <param name="Sliding">Whether every turn starts the time anew. Default: false.</param>
internal sealed record TimeToLiveDocument(decimal Seconds, bool Sliding = false);

/// <summary>Where a fork comes from.</summary>
/// <param name="Id">The conversation it was forked from.</param>
/// <param name="Sequence">The newest sequence that it shares.</param>
internal sealed record OriginDocument(string Id, long Sequence);
