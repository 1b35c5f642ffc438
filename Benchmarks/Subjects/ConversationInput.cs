using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Subjects;

/// <summary>What callers say: messages of 300 bytes of text, the size that DESIGN section 8 asks about.</summary>
internal static class ConversationInput
{
    private const int TextBytes = 300;

    /// <summary>The contents of every message: one text.</summary>
    public static string Contents { get; } = "[{\"$type\":\"text\",\"text\":\"" + Text() + "\"}]";

    public static NewMessage Message { get; } = new() { Role = MessageRoles.User, Contents = Contents };

    /// <summary>A turn of its own id.</summary>
    /// <param name="messages">How many messages it appends.</param>
    /// <returns>The turn.</returns>
    public static Turn Turn(int messages = 1) =>
        new() { TurnId = NewId(), Messages = messages == 1 ? [Message] : [.. Enumerable.Repeat(Message, messages)] };

    /// <summary>An id as callers make them.</summary>
    /// <returns>32 characters.</returns>
    public static string NewId() => Guid.NewGuid().ToString("N");

    // Words, so that nothing on the way can make it smaller than a person's text would be.
    private static string Text()
    {
        string[] words = ["memory", "of", "the", "conversation", "that", "we", "had", "about", "rivers", "and", "their", "names"];
        return string.Join(' ', Enumerable.Range(0, TextBytes).Select(i => words[i * 7 % words.Length]))[..TextBytes];
    }
}
