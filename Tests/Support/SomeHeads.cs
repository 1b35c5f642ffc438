using OrleansMemory.Conversations;

namespace OrleansMemory.Tests.Support;

/// <summary>Heads and messages for grains that are scripted.</summary>
internal static class SomeHeads
{
    public static Head Head(long version, long last, long first = 1) =>
        new()
        {
            Key = ConversationKey.Create("default", "c"),
            Version = version,
            FirstSequence = first,
            LastSequence = last,
            Settings = ConversationSettings.Empty,
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };

    public static Message Message(long sequence, string contents = "[]") =>
        new()
        {
            Sequence = sequence,
            Id = FormattableString.Invariant($"m{sequence}"),
            Role = MessageRoles.User,
            Contents = contents,
            Created = DateTimeOffset.UnixEpoch,
        };
}
