using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.Support;

/// <summary>One call of a scripted model.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Messages">What it was sent.</param>
internal sealed record RunScriptCall(int Number, IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    public IEnumerable<string> Texts => Messages.Select(message => message.Text);
}

/// <summary>
/// A model that answers as a test says, update by update, and remembers what it was asked. It refuses what the large providers refuse, see
/// <see cref="ProviderRules"/>, and fails when somebody changes what it handed out.
/// </summary>
internal sealed class RunScriptClient(Func<RunScriptCall, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> answer) : IChatClient
{
    private readonly ConcurrentQueue<RunScriptCall> _calls = new();
    private readonly HandedOut _handedOut = new();
    private int _count;

    public RunScriptClient(Func<RunScriptCall, string> answer)
        : this((call, _) => Text(answer(call))) { }

    public RunScriptClient()
        : this(call => FormattableString.Invariant($"answer {call.Number}")) { }

    public IReadOnlyList<RunScriptCall> Calls => [.. _calls];

    public static IAsyncEnumerable<ChatResponseUpdate> Text(params string[] parts) =>
        Updates([.. parts.Select(part => new ChatResponseUpdate(ChatRole.Assistant, part))]);

    public static IAsyncEnumerable<ChatResponseUpdate> ToolCalls(params string[] ids) =>
        Updates(
            new ChatResponseUpdate(
                ChatRole.Assistant,
                [.. ids.Select(id => new FunctionCallContent(id, "tool", new Dictionary<string, object?> { ["id"] = id }))]
            )
        );

    public static async IAsyncEnumerable<ChatResponseUpdate> Updates(params ChatResponseUpdate[] updates)
    {
        foreach (ChatResponseUpdate update in updates)
        {
            await Task.Yield();
            yield return update;
        }
    }

    /// <summary>Gives some updates and then fails.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> Failing(Exception failure, params string[] parts)
    {
        await foreach (ChatResponseUpdate update in Text(parts))
        {
            yield return update;
        }

        throw failure;
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => _handedOut.Note(await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var call = new RunScriptCall(Interlocked.Increment(ref _count), [.. messages], options);
        _handedOut.DemandUnchanged();
        if (call.Messages.Count > 0)
        {
            // Some runs only stage, and say nothing.
            ProviderRules.Demand(call.Messages);
        }

        _calls.Enqueue(call);
        await foreach (ChatResponseUpdate update in answer(call, cancellationToken).WithCancellation(cancellationToken))
        {
            yield return _handedOut.Note(update);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }
}
