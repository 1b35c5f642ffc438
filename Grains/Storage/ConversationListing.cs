using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage;

/// <summary>Which conversations to list: the newest ones, or those behind a place in the list.</summary>
internal sealed record ListScan
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>Only conversations of this user; <see langword="null"/> for every one.</summary>
    public string? UserId { get; init; }

    /// <summary>Only conversations of this agent; <see langword="null"/> for every one.</summary>
    public string? AgentId { get; init; }

    /// <summary>Only forks of the live conversation of this id; <see langword="null"/> for every one.</summary>
    public string? ForkOf { get; init; }

    /// <summary>Only conversations whose metadata has all of these labels, as <see cref="MetadataLabels"/> writes them.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>The most conversations, 1 or more.</summary>
    public required int Limit { get; init; }

    /// <summary>Conversations that have expired at this instant are left out.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Where to go on; <see langword="null"/> starts a walk.</summary>
    public ListPosition? After { get; init; }
}

/// <summary>A place in a walk.</summary>
/// <param name="Mark">The <see cref="ConversationListing.Mark"/> of the walk's first page.</param>
/// <param name="TurnsAfter">
/// Turns that were not durable at the first page bear later instants. It must not be so old that turn ids of that time have been swept.
/// </param>
/// <param name="Placed">The place of the last conversation that was listed.</param>
/// <param name="StoreId">Its life.</param>
internal sealed record ListPosition(string Mark, DateTimeOffset TurnsAfter, DateTimeOffset Placed, long StoreId);

/// <summary>A page of a list.</summary>
/// <param name="Conversations">The conversations, in descending order of place and store id.</param>
/// <param name="Mark">What was durable when the page was read, in the store's own words; empty when nothing was found.</param>
internal sealed record ConversationListing(ImmutableArray<ListedConversation> Conversations, string Mark);

/// <summary>A conversation in a list.</summary>
/// <param name="StoreId">Its life.</param>
/// <param name="Placed">Where it stood when the walk began: the instant of the newest turn it had then.</param>
/// <param name="Head">Its head, as it is now.</param>
internal sealed record ListedConversation(long StoreId, DateTimeOffset Placed, Head Head);
