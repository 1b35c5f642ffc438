using System.Collections.Immutable;

namespace OrleansMemory.Memories;

/// <summary>A memory to record. Its names are those of the scope it is recorded in.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.NewMemory")]
public sealed record NewMemory
{
    /// <summary>What it is.</summary>
    [Id(0)]
    public required MemoryKind Kind { get; init; }

    /// <summary>
    /// What it says, up to <c>MemoryOptions.MaxMemoryBytes</c> of UTF-8 without U+0000; neither empty nor only white space unless there is
    /// a caption.
    /// </summary>
    [Id(1)]
    public required string Text { get; init; }

    /// <summary>
    /// What an image that came with it shows; <see langword="null"/> when there was none. It counts into the same bound as the text.
    /// </summary>
    [Id(2)]
    public string? Caption { get; init; }

    /// <summary>One of <see cref="Conversations.MessageRoles"/>; <see langword="null"/> for what no one said.</summary>
    [Id(3)]
    public string? Role { get; init; }

    /// <summary>Who said it, by name, up to 256 bytes of UTF-8; <see langword="null"/> gives no name.</summary>
    [Id(4)]
    public string? Speaker { get; init; }

    /// <summary>The caller's id of the message, up to 256 bytes of UTF-8; <see langword="null"/> for none.</summary>
    [Id(5)]
    public string? MessageId { get; init; }

    /// <summary>A JSON object of the caller's own properties; <see langword="null"/> for none.</summary>
    [Id(6)]
    public string? Metadata { get; init; }

    /// <summary>
    /// When it was said or became so; <see langword="null"/> takes the instant of the recording. Kept in UTC and whole microseconds.
    /// </summary>
    [Id(7)]
    public DateTimeOffset? OccurredAt { get; init; }
}

/// <summary>Memories to record together: all of them or none.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.RecordRequest")]
public sealed record RecordRequest
{
    /// <summary>What to record, in the order in which it was said; 1 to <c>MemoryOptions.MaxRecordMemories</c>.</summary>
    [Id(0)]
    public required ImmutableArray<NewMemory> Memories { get; init; }

    /// <summary>
    /// The caller's idempotency key within the scope, 1 to 256 bytes of UTF-8: the same key with the same memories records nothing twice
    /// and gives the original receipt, for as long as turn ids are kept. <see langword="null"/> records in any case.
    /// </summary>
    [Id(1)]
    public string? Key { get; init; }

    /// <summary>The conversation these come from, in the same tenant: they are deleted with it. <see langword="null"/> for none.</summary>
    [Id(2)]
    public string? ConversationId { get; init; }

    /// <summary>How long they live; <see langword="null"/> takes <c>MemoryOptions.DefaultTimeToLive</c>.</summary>
    [Id(3)]
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Whether facts are distilled from turns among them, in the background, where the silo has a chat client.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    [Id(4)]
    public bool Extract { get; init; } = true;

    /// <summary>
    /// What a repeated key must match in place of the memories, 1 to 4,096 bytes of UTF-8: for recordings that hold something that differs
    /// each time they are made, such as a model's answer. Only a hash of it is kept. <see langword="null"/> matches the memories.
    /// </summary>
    [Id(5)]
    public string? Fingerprint { get; init; }
}

/// <summary>What a recording has stored.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.RecordReceipt")]
public sealed record RecordReceipt
{
    /// <summary>The ids of the memories, in the order of the request.</summary>
    [Id(0)]
    public required ImmutableArray<string> MemoryIds { get; init; }

    /// <summary>When they were recorded.</summary>
    [Id(1)]
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Whether an earlier call with this key recorded them.</summary>
    [Id(2)]
    public bool Replayed { get; init; }
}
