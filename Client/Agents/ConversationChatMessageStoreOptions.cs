using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Agents;

/// <summary>What a <see cref="ConversationChatMessageStore"/> shows of its conversation. None of it destroys what is stored.</summary>
public sealed class ConversationChatMessageStoreOptions
{
    /// <summary>
    /// The most messages that are listed, the newest ones. Tool calls and their results are listed together or not at all, so it may be fewer; only what the
    /// run's input answers is listed in any case.
    /// <see langword="null"/> lists the whole conversation, however long it is.
    /// </summary>
    /// <value>Default: 1,000. Range: 1 or more.</value>
    public int? MaxMessages { get; set; } = 1_000;

    /// <summary>
    /// Shapes what is listed, after <see cref="MaxMessages"/>; <see langword="null"/> lists it as it is. Where it separates a call from its result both are
    /// left out, and it is not given what the run's input answers.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public IChatReducer? Reducer { get; set; }
}
