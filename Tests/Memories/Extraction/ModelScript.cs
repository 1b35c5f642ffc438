using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.Memories.Extraction;

/// <summary>A model that answers by what it is asked. Any number of silos may use it at once.</summary>
/// <param name="answer">Makes the reply to the text with the turns and facts.</param>
internal sealed class ModelScript(Func<string, CancellationToken, Task<string>> answer) : IChatClient
{
    private readonly ConcurrentQueue<string> _asked = new();

    public ModelScript(Func<string, string> answer)
        : this((asked, _) => Task.FromResult(answer(asked))) { }

    /// <summary>The texts with turns and facts, call by call.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>The options of the last call.</summary>
    public ChatOptions? Options { get; private set; }

    /// <summary>The lines of a part of a prompt.</summary>
    public static IReadOnlyList<string> Lines(string prompt, string part) =>
        [.. prompt.Split('\n').SkipWhile(line => line != $"<{part}>").Skip(1).TakeWhile(line => line != $"</{part}>")];

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        Options = options;
        string asked = messages.Last().Text;
        _asked.Enqueue(asked);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, await answer(asked, cancellationToken)));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => throw new InvalidOperationException("Nobody reads a stream here.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}
