using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Testing;

/// <summary>
/// A model that says what it is told to, in order, and notes what it was sent. The last answer stays. It refuses what the large providers
/// refuse, see <see cref="ProviderRules"/>, and fails when somebody changes what it handed out.
/// </summary>
public sealed class ScriptedChatClient : IChatClient
{
    private readonly Queue<Answer> _answers = new();
    private readonly HandedOut _handedOut = new();

    /// <summary>What it was sent, call by call, as it was then.</summary>
    public List<Request> Requests { get; } = [];

    /// <summary>Runs after each piece of a stream, and before each whole answer.</summary>
    public Func<Task> BeforeAnswer { get; set; } = () => Task.CompletedTask;

    /// <summary>The next answer, as one message; a stream gives it in these pieces.</summary>
    public ScriptedChatClient Says(params string[] pieces) =>
        Answers(new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. pieces.Select(piece => new TextContent(piece))])));

    /// <summary>The next answer.</summary>
    public ScriptedChatClient Answers(ChatResponse response, Exception? failure = null)
    {
        _answers.Enqueue(new Answer(response, failure));
        return this;
    }

    /// <summary>The next call fails; a stream does after the pieces.</summary>
    public ScriptedChatClient Fails(Exception failure, params string[] pieces) =>
        Answers(new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. pieces.Select(piece => new TextContent(piece))])), failure);

    /// <inheritdoc />
    /// <exception cref="HistoryRefusedException">A provider would refuse the history.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        Answer answer = Next(messages, options);
        await BeforeAnswer();
        cancellationToken.ThrowIfCancellationRequested();
        return answer.Failure is null ? _handedOut.Note(Copy(answer.Response)) : throw answer.Failure;
    }

    /// <inheritdoc />
    /// <exception cref="HistoryRefusedException">A provider would refuse the history.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        Answer answer = Next(messages, options);
        for (int m = 0; m < answer.Response.Messages.Count; m++)
        {
            ChatMessage message = answer.Response.Messages[m];
            foreach (AIContent content in message.Contents)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return _handedOut.Note(
                    new ChatResponseUpdate(message.Role, [content])
                    {
                        MessageId = message.MessageId ?? FormattableString.Invariant($"answer {Requests.Count}.{m}"),
                        AuthorName = message.AuthorName,
                        ConversationId = answer.Response.ConversationId,
                    }
                );
                await BeforeAnswer();
            }
        }

        if (answer.Failure is not null)
        {
            throw answer.Failure;
        }
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    /// <inheritdoc />
    public void Dispose() { }

    private Answer Next(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var request = new Request([.. messages], options?.Clone());
        _handedOut.DemandUnchanged();
        ProviderRules.Demand(request.Messages);
        Requests.Add(request);
        return _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
    }

    private static ChatResponse Copy(ChatResponse response) =>
        new([.. response.Messages.Select(message => message.Clone())])
        {
            ConversationId = response.ConversationId,
            ResponseId = response.ResponseId,
        };

    /// <summary>What the model was sent.</summary>
    /// <param name="Messages">The messages.</param>
    /// <param name="Options">The options; <see langword="null"/> when there were none.</param>
    public sealed record Request(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
    {
        /// <summary>The texts of the messages.</summary>
        public IEnumerable<string> Texts => Messages.Select(message => message.Text);
    }

    private sealed record Answer(ChatResponse Response, Exception? Failure);
}
