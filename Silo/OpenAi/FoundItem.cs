using System.Collections.Immutable;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>Where an item is.</summary>
/// <param name="Message">The message that holds it.</param>
/// <param name="Items">All items of the message.</param>
/// <param name="Index">Which of them it is, from 0.</param>
internal sealed record FoundItem(Message Message, ImmutableArray<ConversationItem> Items, int Index)
{
    /// <summary>The item.</summary>
    public ConversationItem Item => Items[Index];
}
