namespace OrleansMemory.Conversations;

/// <summary>A message that a turn appends. It gets its sequence when the turn commits.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.NewMessage")]
public sealed record NewMessage
{
    /// <summary>
    /// The caller's id, up to 256 bytes of UTF-8; <see langword="null"/> lets the grain make one. Ids need not be unique.
    /// </summary>
    [Id(0)]
    public string? Id { get; init; }

    /// <summary>One of <see cref="MessageRoles"/>.</summary>
    [Id(1)]
    public required string Role { get; init; }

    /// <summary>Who speaks, by name, up to 256 bytes of UTF-8; <see langword="null"/> gives no name.</summary>
    [Id(2)]
    public string? Author { get; init; }

    /// <summary>A JSON array of Microsoft.Extensions.AI contents. It may be empty (<c>[]</c>).</summary>
    [Id(3)]
    public required string Contents { get; init; }

    /// <summary>A JSON object of the caller's own properties; <see langword="null"/> for none.</summary>
    [Id(4)]
    public string? Metadata { get; init; }

    /// <summary>When it was said; <see langword="null"/> takes the instant of the commit. Kept in UTC and whole microseconds.</summary>
    [Id(5)]
    public DateTimeOffset? Created { get; init; }
}
