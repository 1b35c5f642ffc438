using Microsoft.Extensions.AI;

namespace OrleansMemory.Samples.TravelPlanning;

/// <summary>Stands in for a paid model: it answers the two questions of the sample, and keeps what it was reminded of.</summary>
internal sealed class ScriptedModel : IChatClient
{
    /// <summary>The memories in the instructions of the last call.</summary>
    public IReadOnlyList<string> Reminders { get; private set; } = [];

    /// <inheritdoc />
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Reminders =
        [
            .. (options?.Instructions ?? string.Empty).Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..]),
        ];
        string answer = messages.Last().Text.Contains("allowance", StringComparison.Ordinal)
            ? "The daily allowance for your business trip is $75..."
            : "Here are some suggestions:";
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)));
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatResponse response = await GetResponseAsync(messages, options, cancellationToken);
        foreach (ChatResponseUpdate update in response.ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
