using System.Collections.Immutable;

namespace OrleansMemory.Conversations;

/// <summary>Which conversations of a tenant to list. All conditions must be met.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ConversationListQuery")]
public sealed record ConversationListQuery
{
    /// <summary>Only conversations of this user, up to 256 bytes of UTF-8; <see langword="null"/> for every one.</summary>
    [Id(0)]
    public string? UserId { get; init; }

    /// <summary>Only conversations of this agent, up to 256 bytes of UTF-8; <see langword="null"/> for every one.</summary>
    [Id(1)]
    public string? AgentId { get; init; }

    /// <summary>Only conversations whose metadata has all of these properties, up to 16.</summary>
    /// <value>Default: none.</value>
    [Id(2)]
    public ImmutableArray<MetadataMatch> Metadata { get; init; } = [];

    /// <summary>How many conversations at most, 1 to 200.</summary>
    /// <value>Default (<see langword="null"/>): 50.</value>
    [Id(3)]
    public int? Limit { get; init; }

    /// <summary>
    /// <see cref="ConversationListPage.Next"/> of the page before, to go on behind it with the same conditions; <see langword="null"/> for
    /// the first page. A cursor is good for half the time that turn ids are kept, counted from the first page: 12 hours by default.
    /// </summary>
    [Id(4)]
    public string? Cursor { get; init; }

    /// <summary>
    /// Only conversations whose <see cref="Head.Origin"/> is the conversation of this id, up to 256 bytes of UTF-8: its forks, not those of
    /// its forks. <see langword="null"/> for every one, fork or not.
    /// </summary>
    [Id(5)]
    public string? ForkOf { get; init; }
}

/// <summary>A property that a conversation's metadata must have.</summary>
/// <remarks>
/// Name and value together may have 511 bytes of UTF-8, where <c>=</c> and <c>\</c> in the name count twice. Of a conversation the first 64
/// properties with such names and values are looked at.
/// </remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MetadataMatch")]
public sealed record MetadataMatch
{
    /// <summary>Its name in the metadata object itself, not in an object within it; not empty.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>
    /// Its value as text: a string as it is, a number as it was written (1.0 is not 1), <c>true</c>, <c>false</c> or <c>null</c>.
    /// </summary>
    [Id(1)]
    public required string Value { get; init; }
}

/// <summary>A page of a list of conversations.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ConversationListPage")]
public sealed record ConversationListPage
{
    /// <summary>The heads as they are now, in descending order of the newest turn that each had when the first page was read.</summary>
    [Id(0)]
    public required ImmutableArray<Head> Conversations { get; init; }

    /// <summary>
    /// Where the next page starts: pass it as <see cref="ConversationListQuery.Cursor"/>. <see langword="null"/> when nothing is left.
    /// </summary>
    [Id(1)]
    public string? Next { get; init; }
}
