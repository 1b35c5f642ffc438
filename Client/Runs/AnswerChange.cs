namespace OrleansMemory.Client.Runs;

/// <summary>Something of a model's answer that could not be stored as it came, and was stored otherwise.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="MessageId">The id under which the message is stored.</param>
/// <param name="TypeName">The type that could not be written, or was too large; <see langword="null"/> where the kind says it all.</param>
public sealed record AnswerChange(AnswerChangeKind Kind, string MessageId, string? TypeName = null);

/// <summary>What of an answer was stored otherwise than it came.</summary>
public enum AnswerChangeKind
{
    /// <summary>The message's id was not valid, or was taken: it has one of ours, and the old one under
    /// <see cref="ChatMessageFormat.OriginalIdProperty"/>.</summary>
    MessageId = 0,

    /// <summary>The role is none that is stored: the message is stored as the assistant's, and the role under
    /// <see cref="ChatMessageFormat.OriginalRoleProperty"/>.</summary>
    Role = 1,

    /// <summary>The author's name was not valid: it is under <see cref="ChatMessageFormat.OriginalAuthorProperty"/>.</summary>
    Author = 2,

    /// <summary>A content cannot be written: a placeholder that names its type stands in its place; see
    /// <see cref="ChatMessageFormat.PlaceholderProperty"/>.</summary>
    Content = 3,

    /// <summary>An extra property cannot be written: a text that names its type stands in its place.</summary>
    Property = 4,

    /// <summary>A content is too large: a text was cut, and a placeholder stands in the place of anything else.</summary>
    Size = 5,

    /// <summary>There were more messages than a turn may have: the newest ones are stored.</summary>
    Messages = 6,
}
