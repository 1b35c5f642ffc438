using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents;

namespace OrleansMemory.Client.Runs;

/// <summary>What the inner client is called with.</summary>
/// <param name="Messages">History, context and input.</param>
/// <param name="Options">The options; <see langword="null"/> when there are none.</param>
internal sealed record RunRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>The options of the inner call: the conversation and the turn id are ours and stay here; the context's instructions and
    /// tools come behind the caller's.</summary>
    /// <param name="given">The caller's options.</param>
    /// <param name="context">The context.</param>
    /// <returns>The options.</returns>
    public static ChatOptions? OptionsFor(ChatOptions? given, Context context)
    {
        bool adds = !string.IsNullOrEmpty(context.Instructions) || !context.Tools.IsDefaultOrEmpty;
        if (given is null && !adds)
        {
            return null;
        }

        ChatOptions options = given?.Clone() ?? new ChatOptions();
        options.ConversationId = null;
        options.AdditionalProperties?.Remove(ConversationChatClient.TurnIdProperty);
        if (!string.IsNullOrEmpty(context.Instructions))
        {
            options.Instructions = string.IsNullOrEmpty(options.Instructions) ? context.Instructions : $"{options.Instructions}\n{context.Instructions}";
        }

        if (!context.Tools.IsDefaultOrEmpty)
        {
            options.Tools = [.. options.Tools ?? [], .. context.Tools];
        }

        return options;
    }
}
