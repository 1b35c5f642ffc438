namespace OrleansMemory.Conversations;

/// <summary>One stored message of a conversation's log.</summary>
/// <remarks>Content comes from users and models: treat it as untrusted when it is shown or sent to a model.</remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.Message")]
public sealed record Message
{
    /// <summary>The position in the log, counted from 1 without gaps. The only order that counts.</summary>
    [Id(0)]
    public required long Sequence { get; init; }

    /// <summary>The message's own id: the caller's, or one made by the grain (<c>msg_</c> and 16 hexadecimal digits).</summary>
    [Id(1)]
    public required string Id { get; init; }

    /// <summary>One of <see cref="MessageRoles"/>.</summary>
    [Id(2)]
    public required string Role { get; init; }

    /// <summary>Who speaks, by name; <see langword="null"/> when no name was given.</summary>
    [Id(3)]
    public string? Author { get; init; }

    /// <summary>A JSON array of Microsoft.Extensions.AI contents, each an object with its <c>$type</c>.</summary>
    [Id(4)]
    public required string Contents { get; init; }

    /// <summary>A JSON object of the caller's own properties; <see langword="null"/> when there are none.</summary>
    [Id(5)]
    public string? Metadata { get; init; }

    /// <summary>When it was said: the caller's instant or the commit's, in UTC and whole microseconds.</summary>
    [Id(6)]
    public required DateTimeOffset Created { get; init; }
}
