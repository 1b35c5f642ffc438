using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Testing;

/// <summary>
/// A model that refuses what the large providers refuse, answers as a test says, whole or in updates, leaves alone what it is given, and
/// fails when somebody changes what it handed out.
/// </summary>
/// <param name="script">What it answers.</param>
public sealed class StrictChatClient(Func<StrictCall, StrictAnswer> script) : IChatClient
{
    private readonly ConcurrentQueue<StrictCall> _calls = new();
    private readonly HandedOut _handedOut = new();
    private int _count;

    /// <summary>A model that answers each call with its number.</summary>
    public StrictChatClient()
        : this(call => StrictAnswer.Text("answer ", FormattableString.Invariant($"{call.Number}"))) { }

    /// <summary>What it was asked.</summary>
    public IReadOnlyList<StrictCall> Calls => [.. _calls];

    /// <summary>Runs before each answer, and in a stream before each update.</summary>
    public Func<CancellationToken, Task> BeforeUpdate { get; init; } = _ => Task.CompletedTask;

    /// <summary>Fails when what was handed out has been changed; every call demands the same of what was handed out before it.</summary>
    /// <exception cref="HandedOutChangedException">It has.</exception>
    public void DemandUnchanged() => _handedOut.DemandUnchanged();

    /// <inheritdoc />
    /// <exception cref="HistoryRefusedException">A provider would refuse the history.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        (StrictAnswer answer, string id) = Next(messages, options);
        await BeforeUpdate(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (answer.Failure is { } failure)
        {
            throw failure;
        }

        bool named = answer.Ids != StrictIds.None;
        return _handedOut.Note(
            new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. answer.Contents]) { MessageId = named ? id : null })
            {
                ResponseId = named ? id : null,
                FinishReason = Reason(answer),
                Usage = new UsageDetails { OutputTokenCount = answer.Contents.Count },
            }
        );
    }

    /// <inheritdoc />
    /// <exception cref="HistoryRefusedException">A provider would refuse the history.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        (StrictAnswer answer, string id) = Next(messages, options);
        foreach (ChatResponseUpdate update in Updates(answer, id))
        {
            await Task.Yield();
            await BeforeUpdate(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            yield return _handedOut.Note(update);
        }

        if (answer.Failure is { } failure)
        {
            throw failure;
        }
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc />
    public void Dispose() { }

    private (StrictAnswer Answer, string Id) Next(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        DemandUnchanged();
        var call = new StrictCall(Interlocked.Increment(ref _count), [.. messages], options);
        ProviderRules.Demand(call.Messages);
        _calls.Enqueue(call);
        return (script(call), FormattableString.Invariant($"chatcmpl-{Guid.NewGuid():N}"));
    }

    private static ChatFinishReason Reason(StrictAnswer answer) =>
        answer.Contents.Any(content => content is FunctionCallContent) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;

    private static IEnumerable<ChatResponseUpdate> Updates(StrictAnswer answer, string id)
    {
        // Providers name the role once, send one content at a time, and end with the reason and the usage.
        string? responseId = answer.Ids == StrictIds.None ? null : id;
        string? messageId = responseId;
        ChatRole? role = ChatRole.Assistant;
        for (int i = 0; i < answer.Contents.Count; i++)
        {
            messageId =
                answer.Ids == StrictIds.OnePerItem && (i == 0 || answer.Contents[i].GetType() != answer.Contents[i - 1].GetType())
                    ? FormattableString.Invariant($"item-{i}-{id}")
                    : messageId;
            yield return new ChatResponseUpdate(role, [answer.Contents[i]]) { ResponseId = responseId, MessageId = messageId };
            role = answer.Ids == StrictIds.OnePerItem ? role : null;
        }

        yield return new ChatResponseUpdate(null, [new UsageContent(new UsageDetails { OutputTokenCount = answer.Contents.Count })])
        {
            ResponseId = responseId,
            MessageId = messageId,
            FinishReason = Reason(answer),
        };
    }
}
