using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Runs;

/// <summary>What the inner client is called with.</summary>
/// <param name="Messages">History, context and input.</param>
/// <param name="Options">The options; <see langword="null"/> when there are none.</param>
internal sealed record RunRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>The options of the inner call: the conversation and the turn id are ours and stay here.</summary>
    /// <param name="given">The caller's options.</param>
    public static ChatOptions? OptionsFor(ChatOptions? given)
    {
        if (given is null)
        {
            return null;
        }

        ChatOptions options = given.Clone();
        options.ConversationId = null;
        options.AdditionalProperties?.Remove(ConversationChatClient.TurnIdProperty);
        return options;
    }
}
