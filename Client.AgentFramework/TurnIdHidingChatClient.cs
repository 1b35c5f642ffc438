using Microsoft.Extensions.AI;
using OrleansMemory.Client.Runs;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>
/// Keeps a run's turn id from the model: an agent copies the additional properties of its run into those of its chat client.
/// </summary>
internal sealed class TurnIdHidingChatClient : DelegatingChatClient
{
    private TurnIdHidingChatClient(IChatClient inner)
        : base(inner) { }

    /// <summary>Puts one around a client, unless there is one, or a client inside that wants the id and hides it itself.</summary>
    /// <returns>The client with the id hidden.</returns>
    public static IChatClient Around(IChatClient client) =>
        client.GetService<TurnIdHidingChatClient>() is not null || client.GetService<ConversationChatClient>() is not null
            ? client
            : new TurnIdHidingChatClient(client);

    /// <inheritdoc />
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => base.GetResponseAsync(messages, Hide(options), cancellationToken);

    /// <inheritdoc />
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => base.GetStreamingResponseAsync(messages, Hide(options), cancellationToken);

    private static ChatOptions? Hide(ChatOptions? options)
    {
        if (options?.AdditionalProperties?.ContainsKey(ConversationChatClient.TurnIdProperty) is not true)
        {
            return options;
        }

        ChatOptions hidden = options.Clone();
        hidden.AdditionalProperties!.Remove(ConversationChatClient.TurnIdProperty);
        return hidden;
    }
}
