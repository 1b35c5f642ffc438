using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// Gives the updates of a stream our conversation's id, and ids to the messages that the model gave none, so that a caller who puts the
/// response together gets the ids it is
/// stored under. Where messages begin and end stays as it was.
/// </summary>
internal sealed class UpdateStamp(string conversationId, AnswerIds ids)
{
    private bool _any;
    private ChatRole? _role;
    private string? _author;
    private string? _givenId;
    private string? _id;
    private string? _original;

    /// <summary>Goes on behind updates that were stamped before, in a stream that was broken off.</summary>
    public void GoOnBehind(IReadOnlyList<ChatResponseUpdate> stamped)
    {
        foreach (ChatResponseUpdate update in stamped)
        {
            _any = true;
            _id = string.IsNullOrEmpty(update.MessageId) ? _id : update.MessageId;
            _givenId = _id;
            _role = update.Role ?? _role;
            _author = update.AuthorName ?? _author;
        }
    }

    /// <summary>Stamps a copy of the next update.</summary>
    /// <param name="update">The update, which stays as it is.</param>
    public ChatResponseUpdate Apply(ChatResponseUpdate update)
    {
        ChatResponseUpdate copy = Copies.Of(update);
        copy.ConversationId = conversationId;
        bool begins =
            !_any
            || Differs(update.AuthorName, _author)
            || Differs(update.MessageId, _givenId)
            || (update.Role is { } role && _role is { } before && role != before);
        if (begins)
        {
            _givenId = null;
            _role = null;
            _author = null;
            (_id, _original) = ids.Next(update.MessageId);
        }

        _any = true;
        _givenId = string.IsNullOrEmpty(update.MessageId) ? _givenId : update.MessageId;
        _role = update.Role ?? _role;
        _author = update.AuthorName ?? _author;
        if (!string.IsNullOrEmpty(update.MessageId) || update.AdditionalProperties is null)
        {
            // Without an id extra properties are the response's own; an id would make them the message's.
            copy.MessageId = _id;
            if (_original is { } original)
            {
                copy.AdditionalProperties ??= [];
                copy.AdditionalProperties[ChatMessageFormat.OriginalIdProperty] = original;
                _original = null;
            }
        }

        return copy;
    }

    private static bool Differs(string? one, string? other) =>
        one is { Length: > 0 } && other is { Length: > 0 } && !string.Equals(one, other, StringComparison.Ordinal);
}
