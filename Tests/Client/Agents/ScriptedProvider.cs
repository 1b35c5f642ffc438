using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents;

namespace OrleansMemory.Tests.Client.Agents;

/// <summary>A context provider that answers as it is told and notes its calls.</summary>
internal sealed class ScriptedProvider : ContextProvider, IAsyncDisposable
{
    public List<string> Calls { get; } = [];

    public Func<Task<Context>> OnInvoking { get; set; } = () => Task.FromResult(Context.Empty);

    public Func<Task> OnThreadCreated { get; set; } = () => Task.CompletedTask;

    public Func<Task> OnInvoked { get; set; } = () => Task.CompletedTask;

    public Func<Task> OnDispose { get; set; } = () => Task.CompletedTask;

    public Exception? LastFailure { get; private set; }

    public IReadOnlyList<ChatMessage>? LastResponse { get; private set; }

    public static ScriptedProvider Giving(Context context) => new() { OnInvoking = () => Task.FromResult(context) };

    public override async ValueTask ThreadCreatedAsync(string? threadId, CancellationToken cancellationToken = default)
    {
        Calls.Add($"created {threadId}");
        await OnThreadCreated();
    }

    public override async ValueTask<Context> InvokingAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken = default)
    {
        Calls.Add($"invoking {Texts(messages)}");
        return await OnInvoking();
    }

    public override async ValueTask InvokedAsync(
        IReadOnlyList<ChatMessage> requestMessages,
        IReadOnlyList<ChatMessage>? responseMessages,
        Exception? invokeException,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Add($"invoked {Texts(requestMessages)} -> {(responseMessages is null ? invokeException!.GetType().Name : Texts(responseMessages))}");
        (LastFailure, LastResponse) = (invokeException, responseMessages);
        await OnInvoked();
    }

    public async ValueTask DisposeAsync()
    {
        Calls.Add("disposed");
        await OnDispose();
    }

    private static string Texts(IEnumerable<ChatMessage> messages) => string.Join('|', messages.Select(message => message.Text));
}
