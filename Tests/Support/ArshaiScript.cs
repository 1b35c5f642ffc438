using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.Support;

/// <summary>A model that answers as it is told and remembers what it was asked.</summary>
internal sealed class ArshaiScript : IChatClient
{
    private readonly Queue<Func<IReadOnlyList<ChatMessage>, string>> _answers = new();

    /// <summary>What was asked, call by call.</summary>
    public List<IReadOnlyList<ChatMessage>> Calls { get; } = [];

    /// <summary>The options of the newest call.</summary>
    public ChatOptions? Options { get; private set; }

    public static ArshaiScript Saying(params string[] answers)
    {
        var script = new ArshaiScript();
        foreach (string answer in answers)
        {
            script.Then(_ => answer);
        }

        return script;
    }

    /// <summary>Says how the next call is answered; the last answer stays.</summary>
    public ArshaiScript Then(Func<IReadOnlyList<ChatMessage>, string> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<ChatMessage> asked = [.. messages];
        Calls.Add(asked);
        Options = options;
        string text = (_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek())(asked);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, text)));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException("This model does not stream.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}
