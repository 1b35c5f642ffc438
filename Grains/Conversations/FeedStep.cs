using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Conversations;

/// <summary>What a reader is given next: something that it must be told, or messages.</summary>
/// <param name="Loaded">What the messages were read from.</param>
/// <param name="Notice">What it must be told; <see langword="null"/> when there are messages.</param>
/// <param name="Page">The messages, the first one being the one that it needs next.</param>
internal readonly record struct FeedStep(LoadedConversation? Loaded, ConversationEvent? Notice, FeedPage? Page)
{
    /// <summary>Something to be told.</summary>
    public static FeedStep Of(ConversationEvent notice) => new(null, notice, null);
}
