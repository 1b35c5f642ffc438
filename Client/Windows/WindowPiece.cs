using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>A message of a window: one of those that were given, or a part of one.</summary>
/// <param name="Item">The message that it is, or is made from.</param>
/// <param name="Role">Its role; <see langword="null"/> for that of the message.</param>
internal sealed record WindowPiece(int Item, IReadOnlyList<PieceContent> Contents, bool IsWhole, ChatRole? Role)
{
    /// <summary>Makes the message.</summary>
    /// <returns>The same object where nothing differs, else a copy.</returns>
    public ChatMessage Of(Func<int, ChatMessage> messages)
    {
        ChatMessage message = messages(Item);
        if (IsWhole)
        {
            return message;
        }

        ChatMessage piece = message.Clone();
        piece.Role = Role ?? message.Role;
        piece.Contents = [.. Contents.Select(content => content.Of(messages(content.Item).Contents))];

        // A provider would send its own form, which holds the whole message.
        piece.RawRepresentation = null;
        return piece;
    }
}
