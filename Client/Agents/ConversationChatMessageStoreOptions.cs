using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Agents;

/// <summary>What a <see cref="ConversationChatMessageStore"/> shows of its conversation. None of it destroys what is stored.</summary>
public sealed class ConversationChatMessageStoreOptions
{
    /// <summary>
    /// The most messages that are listed, the newest ones. Results of tool calls that are older than that are left out with them, so it may be fewer.
    /// <see langword="null"/> lists the whole conversation, however long it is.
    /// </summary>
    /// <value>Default: 1,000. Range: 1 or more.</value>
    public int? MaxMessages { get; set; } = 1_000;

    /// <summary>Shapes what is listed, after <see cref="MaxMessages"/>; <see langword="null"/> lists it as it is.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public IChatReducer? Reducer { get; set; }
}
