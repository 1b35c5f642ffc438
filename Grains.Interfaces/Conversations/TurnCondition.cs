namespace OrleansMemory.Conversations;

/// <summary>
/// What must hold of a conversation for a turn to be committed; see <see cref="Turn.Conditions"/>. A conversation that does not exist, or
/// has expired, has no entries and no messages; an entry that has expired is absent.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.TurnCondition")]
public sealed record TurnCondition
{
    /// <summary>What is asked for.</summary>
    [Id(0)]
    public required TurnConditionKind Kind { get; init; }

    /// <summary>
    /// The entry's space, 1 to 256 bytes of UTF-8; <see langword="null"/> only for <see cref="TurnConditionKind.MessageAbsent"/>.
    /// </summary>
    [Id(1)]
    public string? Space { get; init; }

    /// <summary>
    /// The entry's key, 1 to 1,024 bytes of UTF-8; <see langword="null"/> only for <see cref="TurnConditionKind.MessageAbsent"/>.
    /// </summary>
    [Id(2)]
    public string? Key { get; init; }

    /// <summary>
    /// The value that the entry must have, as JSON; <see langword="null"/> unless the kind is
    /// <see cref="TurnConditionKind.EntryHasValue"/>. Values are equal when their texts are, or when they mean the same: order of
    /// properties, white space and the form of numbers do not matter.
    /// </summary>
    [Id(3)]
    public string? Value { get; init; }

    /// <summary>
    /// The message's id, 1 to 256 bytes of UTF-8; <see langword="null"/> unless the kind is <see cref="TurnConditionKind.MessageAbsent"/>.
    /// </summary>
    [Id(4)]
    public string? MessageId { get; init; }

    /// <summary>The entry is there and has not expired.</summary>
    /// <param name="space">Its space.</param>
    /// <param name="key">Its key.</param>
    /// <returns>The condition.</returns>
    public static TurnCondition EntryExists(string space, string key) =>
        new()
        {
            Kind = TurnConditionKind.EntryExists,
            Space = space,
            Key = key,
        };

    /// <summary>The entry is not there, or has expired.</summary>
    /// <param name="space">Its space.</param>
    /// <param name="key">Its key.</param>
    /// <returns>The condition.</returns>
    public static TurnCondition EntryAbsent(string space, string key) =>
        new()
        {
            Kind = TurnConditionKind.EntryAbsent,
            Space = space,
            Key = key,
        };

    /// <summary>The entry is there, has not expired, and has a value.</summary>
    /// <param name="space">Its space.</param>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value, as JSON.</param>
    /// <returns>The condition.</returns>
    public static TurnCondition EntryHasValue(string space, string key, string value) =>
        new()
        {
            Kind = TurnConditionKind.EntryHasValue,
            Space = space,
            Key = key,
            Value = value,
        };

    /// <summary>
    /// No message in the log has an id, what the log shares with a parent included. Messages that were dropped do not count.
    /// </summary>
    /// <param name="messageId">The id. It is compared exactly.</param>
    /// <returns>The condition.</returns>
    public static TurnCondition MessageAbsent(string messageId) => new() { Kind = TurnConditionKind.MessageAbsent, MessageId = messageId };
}
