using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Cli.Chat;

/// <summary>
/// A model that says the lines of a file, one an answer, and begins again behind the last: for trying things out without a model.
/// </summary>
/// <param name="lines">The lines, at least one.</param>
internal sealed class ScriptedModel(IReadOnlyList<string> lines) : IChatClient
{
    private int _next;

    /// <inheritdoc />
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, Next())));

    /// <inheritdoc />
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.CompletedTask;
        yield return new ChatResponseUpdate(ChatRole.Assistant, Next()) { FinishReason = ChatFinishReason.Stop };
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc />
    public void Dispose()
    {
        // It holds nothing.
    }

    private string Next() => lines[_next++ % lines.Count];
}
