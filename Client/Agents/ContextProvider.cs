using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Agents;

/// <summary>
/// Adds context to runs and learns from them: <see cref="ThreadCreatedAsync"/> once per thread, then for each run
/// <see cref="InvokingAsync"/> before the model is called and <see cref="InvokedAsync"/> after it has answered or failed.
/// </summary>
/// <remarks>
/// Ports Agent Framework's <c>ContextProvider</c>. Runs of several conversations may call one provider at the same time. What a
/// provider throws from <see cref="ThreadCreatedAsync"/> or <see cref="InvokingAsync"/> fails the run before the model is called.
/// </remarks>
public abstract class ContextProvider
{
    /// <summary>What stands before memories that are given to a model, unless the provider is told otherwise.</summary>
    public const string DefaultContextPrompt = "## Memories\nConsider the following memories when answering user questions:";

    /// <summary>Tells that a thread has been created. Does nothing unless overridden.</summary>
    /// <param name="threadId">The thread's id: a service's, or a conversation's; <see langword="null"/> when it has none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the provider is ready.</returns>
    public virtual ValueTask ThreadCreatedAsync(string? threadId, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>Asks for context before the model is called.</summary>
    /// <param name="messages">The input of the run, without the history.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What to add to this run.</returns>
    public abstract ValueTask<Context> InvokingAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken = default);

    /// <summary>Tells how a run ended; after a success, when input and response are durable. Does nothing unless overridden.</summary>
    /// <param name="requestMessages">The input of the run, without the history and without context.</param>
    /// <param name="responseMessages">The response; <see langword="null"/> when the run failed.</param>
    /// <param name="invokeException">Why the run failed; <see langword="null"/> when it did not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the provider has learnt what it wants to.</returns>
    public virtual ValueTask InvokedAsync(
        IReadOnlyList<ChatMessage> requestMessages,
        IReadOnlyList<ChatMessage>? responseMessages,
        Exception? invokeException,
        CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
