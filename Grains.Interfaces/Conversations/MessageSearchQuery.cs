using System.Collections.Immutable;

namespace OrleansMemory.Conversations;

/// <summary>Looks for messages by what they say.</summary>
/// <remarks>
/// <para>Searched are the texts of messages of every role: their contents of <c>$type</c> "text". Tool calls and results, reasoning, data
/// and metadata are not.</para>
/// <para>Words must all be there, in any order; <c>"words in quotes"</c> must follow each other; <c>-word</c> and <c>-"a phrase"</c> must
/// not be there; <c>OR</c>, in capitals, stands between alternatives and binds less than words side by side. Case and accents do not
/// matter, English words are compared by their stems, and English words such as "the" count in quotes, after <c>-</c> and among their like
/// only. Chinese, Japanese, Korean, Thai, Lao, Khmer and Myanmar words are found wherever their characters follow each other.</para>
/// <para>Of very long messages the first 250,000 words count, and phrases are found within the first 16,000.</para>
/// </remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MessageSearchQuery")]
public sealed record MessageSearchQuery
{
    /// <summary>What to look for: 1 to 1,000 characters, at most 64 words. Each alternative has a word that must be there.</summary>
    [Id(0)]
    public required string Text { get; init; }

    /// <summary>
    /// How many messages at most, 1 to 100; <see langword="null"/> for 20. A page may end earlier where messages are very large.
    /// </summary>
    [Id(1)]
    public int? Limit { get; init; }

    /// <summary>
    /// Where the page starts: <see cref="MessageSearchPage.Next"/> of the page before, for the same text in the same place;
    /// <see langword="null"/> for the first page. It stays right while messages are added and removed.
    /// </summary>
    [Id(2)]
    public string? Cursor { get; init; }
}

/// <summary>One page of messages that were found.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MessageSearchPage")]
public sealed record MessageSearchPage
{
    /// <summary>The messages, newest first: by sequence within one conversation, by instant across several.</summary>
    [Id(0)]
    public required ImmutableArray<MessageHit> Hits { get; init; }

    /// <summary>The cursor of the next page; <see langword="null"/> when nothing is left.</summary>
    [Id(1)]
    public string? Next { get; init; }
}

/// <summary>A message that was found.</summary>
/// <remarks>Content comes from users and models: treat message and excerpt as untrusted when they are shown or sent to a model.</remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MessageHit")]
public sealed record MessageHit
{
    /// <summary>The conversation it was found in.</summary>
    [Id(0)]
    public required ConversationKey Conversation { get; init; }

    /// <summary>The message.</summary>
    [Id(1)]
    public required Message Message { get; init; }

    /// <summary>A piece of its text around the first match.</summary>
    [Id(2)]
    public required MessageExcerpt Excerpt { get; init; }
}

/// <summary>A short piece of a message's text.</summary>
/// <remarks>It is the text as it was said, not markup: encode it for where it is shown.</remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MessageExcerpt")]
public sealed record MessageExcerpt
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int MaxLength = 240;

    /// <summary>The piece, on one line: control characters are spaces, and surrogates without a partner U+FFFD.</summary>
    [Id(0)]
    public required string Text { get; init; }

    /// <summary>What was found in it, from left to right and not overlapping.</summary>
    [Id(1)]
    public required ImmutableArray<TextRange> Matches { get; init; }
}

/// <summary>A part of a text.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.TextRange")]
public readonly record struct TextRange
{
    /// <summary>Where it starts, from 0, in UTF-16 units.</summary>
    [Id(0)]
    public required int Start { get; init; }

    /// <summary>How long it is, in UTF-16 units.</summary>
    [Id(1)]
    public required int Length { get; init; }
}
