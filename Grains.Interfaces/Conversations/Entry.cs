namespace OrleansMemory.Conversations;

/// <summary>One keyed value of a conversation. Space and key together name it.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.Entry")]
public sealed record Entry
{
    /// <summary>The space it lives in; see <see cref="EntrySpaces"/>.</summary>
    [Id(0)]
    public required string Space { get; init; }

    /// <summary>Its key within the space.</summary>
    [Id(1)]
    public required string Key { get; init; }

    /// <summary>Its value, as JSON.</summary>
    [Id(2)]
    public required string Value { get; init; }

    /// <summary>The instant from which no read sees it any more (UTC, whole microseconds); <see langword="null"/> never.</summary>
    [Id(3)]
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Sets one entry: value and expiry are both replaced.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.EntryWrite")]
public sealed record EntryWrite
{
    /// <summary>The space, 1 to 256 bytes of UTF-8; see <see cref="EntrySpaces"/>.</summary>
    [Id(0)]
    public required string Space { get; init; }

    /// <summary>The key, 1 to 1,024 bytes of UTF-8.</summary>
    [Id(1)]
    public required string Key { get; init; }

    /// <summary>The value, as JSON.</summary>
    [Id(2)]
    public required string Value { get; init; }

    /// <summary>
    /// How long the entry lives from the commit on, at least one microsecond; <see langword="null"/> never expires, also when the
    /// entry had an expiry before.
    /// </summary>
    [Id(3)]
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// Whether only the value is replaced: the entry keeps the expiry it has, and where there is none, or it has expired, this write does
    /// nothing. <see cref="TimeToLive"/> must be <see langword="null"/> then.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    [Id(4)]
    public bool KeepsExpiry { get; init; }
}

/// <summary>Removes one entry. Removing what is not there is no error.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.EntryDelete")]
public sealed record EntryDelete
{
    /// <summary>The space.</summary>
    [Id(0)]
    public required string Space { get; init; }

    /// <summary>The key; <see langword="null"/> removes every entry of the space.</summary>
    [Id(1)]
    public string? Key { get; init; }
}
