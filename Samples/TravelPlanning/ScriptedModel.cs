using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Samples.TravelPlanning;

/// <summary>
/// Stands in for a paid model: it answers the questions of the sample, saves what it finds worth knowing unless it was reminded of it, and
/// keeps what it was reminded of.
/// </summary>
internal sealed class ScriptedModel : IChatClient
{
    // Which words of a question mean which fact and which answer.
    private static readonly (string Words, string Fact, string Answer)[] Script =
    [
        ("hotel in New York", "Trip to New York", "Here are some suggestions:"),
        ("daily meal allowance", "Daily meal allowance", "The daily allowance for your business trip is $75..."),
    ];

    /// <summary>The memories that the model was given last with a question.</summary>
    public IReadOnlyList<string> Reminders { get; private set; } = [];

    /// <inheritdoc />
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ChatMessage[] said = [.. messages];
        Reminders = [.. said.Where(message => message.Role == ChatRole.User).SelectMany(message => Quotations(message.Text))];
        string question = said.Last(message => message.Role == ChatRole.User && !Quotations(message.Text).Any()).Text;
        (string? words, string? fact, string? answer) = Script.FirstOrDefault(line =>
            question.Contains(line.Words, StringComparison.Ordinal)
        );
        if (words is null)
        {
            return Say(new TextContent($"I remember: {string.Join("; ", Reminders)}"));
        }

        bool isNew = said[^1].Role != ChatRole.Tool && !Reminders.Contains(fact, StringComparer.Ordinal);
        return isNew
            ? Say(
                new FunctionCallContent($"save {fact}", "save_to_memory", new Dictionary<string, object?> { ["content"] = new[] { fact } })
            )
            : Say(new TextContent(answer));
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
    )
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
    public void Dispose() { }

    private static Task<ChatResponse> Say(AIContent content) =>
        Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [content])));

    /// <summary>The memories in a message: JSON strings, one a line.</summary>
    private static IEnumerable<string> Quotations(string text) =>
        text.Split('\n')
            .Where(line => line.StartsWith("- \"", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<string>(line[2..])!);
}
