using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// Keeps a journal for the tools of a function loop that is outside of <see cref="ConversationChatClient"/>, where tools are called between
/// two runs. It stands outside of the loop: <c>loop.WithToolJournal()</c>. Where the loop is inside, runs do this by themselves.
/// </summary>
/// <remarks>
/// <para>Journalled are tools that were made with <see cref="ToolJournalExtensions.WithJournal"/>, in a loop with a turn id
/// (<see cref="ConversationChatClient.TurnIdProperty"/>). A loop that failed at whatever point, or whose process died, and that is sent
/// again under its id goes through the calls of the model that were stored, and gives each call the result that it had.</para>
/// <para>A result is kept in an entry until the call of the model that is given it has been stored, with the result, in the log: the same
/// transaction removes the entry. From then on it is found in the log, among the 2,000 messages behind the call.</para>
/// <para>What is not promised is what <see cref="ToolJournalExtensions.WithJournal"/> says.</para>
/// </remarks>
public sealed class ToolJournalChatClient : DelegatingChatClient
{
    private readonly ConversationChatClient _conversations;

    /// <summary>Makes a client.</summary>
    /// <param name="innerClient">The function loop, with a <see cref="ConversationChatClient"/> somewhere inside.</param>
    /// <exception cref="ArgumentException">There is none inside.</exception>
    public ToolJournalChatClient(IChatClient innerClient)
        : base(innerClient)
    {
        _conversations =
            innerClient.GetService<ConversationChatClient>()
            ?? throw new ArgumentException($"There is no {nameof(ConversationChatClient)} inside.", nameof(innerClient));
    }

    /// <inheritdoc />
    /// <exception cref="InvalidRequestException">The turn id is not valid.</exception>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        Begin(options)?.Enter();
        return await base.GetResponseAsync(messages, options, cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="InvalidRequestException">The turn id is not valid.</exception>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ToolLoop? loop = Begin(options);
        IAsyncEnumerator<ChatResponseUpdate> stream = base.GetStreamingResponseAsync(messages, options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using (stream)
        {
            while (await MoveAsync())
            {
                yield return stream.Current;
            }
        }

        // A method of its own, so that the consumer of the stream is outside of the loop.
        async Task<bool> MoveAsync()
        {
            loop?.Enter();
            return await stream.MoveNextAsync();
        }
    }

    private ToolLoop? Begin(ChatOptions? options)
    {
        if (RunTurnId.Of(options, []) is not { } turnId || _conversations.FindConversation(options) is not { } conversation)
        {
            return null;
        }

        var loop = new ToolLoop(conversation, turnId, _conversations.Services);
        loop.Offer(options?.Tools ?? []);
        return loop;
    }
}
