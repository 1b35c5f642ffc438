using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// Keeps an approval that is posted again from running its tool again, where the function loop is outside of
/// <see cref="ConversationChatClient"/> and calls tools before that client sees the input. It stands outside of the loop: <c>new
/// AnsweredApprovalsChatClient(loop)</c>. Where the loop is inside, runs do this by themselves.
/// </summary>
/// <remarks>
/// An answer is left out when the newest call of its id among the newest 2,000 messages of the conversation has its result, and when the
/// input holds it twice. The model is then asked with what is left of the input, which may be nothing. Of several posts at the same moment,
/// in whatever processes, one claims the approval, durably and before its tool is called; the others wait until that loop has ended, and
/// then go on as if they had been posted after it. A claim whose process has died ends after 15 minutes.
/// </remarks>
public sealed class AnsweredApprovalsChatClient : DelegatingChatClient
{
    private const int PageSize = 1_000;

    private readonly ConversationChatClient _conversations;

    /// <summary>Makes a client.</summary>
    /// <param name="innerClient">The function loop, with a <see cref="ConversationChatClient"/> somewhere inside.</param>
    /// <exception cref="ArgumentException">There is none inside.</exception>
    public AnsweredApprovalsChatClient(IChatClient innerClient)
        : base(innerClient)
    {
        _conversations =
            innerClient.GetService<ConversationChatClient>()
            ?? throw new ArgumentException($"There is no {nameof(ConversationChatClient)} inside.", nameof(innerClient));
    }

    /// <inheritdoc />
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(messages);
        ChatMessage[] input = [.. messages];
        ApprovalClaim? claim = await ClaimAsync(input, options, cancellationToken);
        try
        {
            claim?.Enter();
            return await base.GetResponseAsync(await UnansweredAsync(input, options, cancellationToken), options, cancellationToken);
        }
        finally
        {
            await (claim?.ReleaseAsync() ?? Task.CompletedTask);
        }
    }

    /// <inheritdoc />
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(messages);
        ChatMessage[] input = [.. messages];
        ApprovalClaim? claim = await ClaimAsync(input, options, cancellationToken);
        try
        {
            IReadOnlyList<ChatMessage> left = await UnansweredAsync(input, options, cancellationToken);
            IAsyncEnumerator<ChatResponseUpdate> stream = base.GetStreamingResponseAsync(left, options, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            await using (stream)
            {
                while (await MoveAsync(stream, claim))
                {
                    yield return stream.Current;
                }
            }
        }
        finally
        {
            await (claim?.ReleaseAsync() ?? Task.CompletedTask);
        }
    }

    /// <summary>Makes one step inside of the claim, so that the consumer of the stream is outside of it.</summary>
    private static async Task<bool> MoveAsync(IAsyncEnumerator<ChatResponseUpdate> stream, ApprovalClaim? claim)
    {
        claim?.Enter();
        return await stream.MoveNextAsync();
    }

    private async Task<ApprovalClaim?> ClaimAsync(
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? options,
        CancellationToken cancellationToken
    ) =>
        _conversations.FindConversation(options) is { } conversation
            ? await ApprovalClaim.TakeAsync(conversation, messages, _conversations.Services.Logger, cancellationToken)
            : null;

    private async Task<IReadOnlyList<ChatMessage>> UnansweredAsync(
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? options,
        CancellationToken cancellationToken
    )
    {
        ToolApprovalResponseContent[] answers = [.. messages.SelectMany(message => message.Contents).OfType<ToolApprovalResponseContent>()];
        if (answers.Length == 0 || _conversations.FindConversation(options) is not { } conversation)
        {
            return messages;
        }

        HashSet<string> finished = await FinishedAsync(
            conversation,
            [.. answers.Select(answer => answer.ToolCall.CallId)],
            cancellationToken
        );
        var seen = new HashSet<string>(StringComparer.Ordinal);
        HashSet<AIContent> left = new(
            answers.Where(answer => !seen.Add(answer.RequestId) || finished.Contains(answer.ToolCall.CallId)),
            ReferenceEqualityComparer.Instance
        );
        return left.Count == 0 ? messages : [.. messages.Select(message => Without(message, left)).OfType<ChatMessage>()];
    }

    private static ChatMessage? Without(ChatMessage message, HashSet<AIContent> contents)
    {
        AIContent[] kept = [.. message.Contents.Where(content => !contents.Contains(content))];
        if (kept.Length == message.Contents.Count)
        {
            return message;
        }

        ChatMessage copy = message.Clone();
        copy.Contents = [.. kept];
        return kept.Length == 0 ? null : copy;
    }

    /// <summary>
    /// Which of some calls have their results. What comes first going back decides: a result, or a call that waits for one.
    /// </summary>
    private static async Task<HashSet<string>> FinishedAsync(
        Conversation conversation,
        HashSet<string> calls,
        CancellationToken cancellationToken
    )
    {
        var finished = new HashSet<string>(StringComparer.Ordinal);
        long? before = null;
        try
        {
            for (int read = 0; read < WindowPlan.Reach && calls.Count > 0; read += PageSize)
            {
                ConversationPage page = await conversation.GetShownMessagesAsync(
                    new MessageQuery
                    {
                        Before = before,
                        Limit = PageSize,
                        Order = MessageOrder.Descending,
                    },
                    cancellationToken
                );
                foreach (ToolUse use in page.Messages.SelectMany(message => ToolUse.In(message.Message.Contents).Reverse()))
                {
                    if (use.Kind is ToolUseKind.Call or ToolUseKind.Result && calls.Remove(use.Id) && use.Kind == ToolUseKind.Result)
                    {
                        finished.Add(use.Id);
                    }
                }

                before = page.Next;
                if (before is null)
                {
                    break;
                }
            }
        }
        catch (ConversationNotFoundException)
        {
            // Nothing has been called.
        }

        return finished;
    }
}
