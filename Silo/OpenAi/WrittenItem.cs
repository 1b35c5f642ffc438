using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>An item as the message that it is stored as.</summary>
/// <param name="Message">The message, which has the item's id.</param>
/// <param name="HasGivenId">Whether the caller chose the id; else it is new.</param>
internal sealed record WrittenItem(NewMessage Message, bool HasGivenId);
