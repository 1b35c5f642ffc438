using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Samples.AgentChat;

/// <summary>
/// Stands in for a paid model: it books a hotel when it is asked to, and else says how many questions it has heard. Replace it by any chat
/// client.
/// </summary>
internal sealed class ScriptedModel : IChatClient
{
    /// <inheritdoc />
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ChatMessage[] said = [.. messages];
        string id = Guid.NewGuid().ToString("N");
        foreach (AIContent content in Answer(said, id))
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, [content]) { MessageId = id, ResponseId = id };
        }
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc />
    public void Dispose() { }

    private static IEnumerable<AIContent> Answer(ChatMessage[] said, string id)
    {
        if (said[^1].Role == ChatRole.Tool)
        {
            string results = string.Join(' ', said[^1].Contents.OfType<FunctionResultContent>().Select(result => result.Result));
            return Words($"I have: {results}");
        }

        string question = said.Last(message => message.Role == ChatRole.User).Text;
        return question.StartsWith("Book ", StringComparison.Ordinal)
            ? [new FunctionCallContent(id, "book_hotel", new Dictionary<string, object?> { ["city"] = question["Book ".Length..] })]
            : Words(FormattableString.Invariant($"That was question {said.Count(message => message.Role == ChatRole.User)}"));
    }

    private static IEnumerable<AIContent> Words(string text) =>
        text.Split(' ').Select((word, i) => new TextContent(i == 0 ? word : " " + word));
}
