using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Cli.Terminal;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Chat;

/// <summary>
/// A talk with a model whose history is a conversation of the silo's. A question and its answer are one turn: it is there when the answer
/// ends, or not at all.
/// </summary>
/// <param name="maxTokens">How many tokens of history the model is sent at most, by the silo's estimate.</param>
/// <param name="system">What the model is told first, every time; <see langword="null"/> for nothing. It is not kept.</param>
internal sealed class ChatSession(MemoryHttpClient memory, IChatClient model, string conversation, long maxTokens, string? system)
{
    /// <summary>Asks the model, and keeps question and answer.</summary>
    /// <param name="show">Is given the answer, piece by piece.</param>
    /// <param name="cancellationToken">Ends it; nothing is kept then.</param>
    /// <exception cref="ModelException">The model's server failed, or its answer was empty or was cut.</exception>
    public async Task<string> AskAsync(string question, Action<string> show, CancellationToken cancellationToken)
    {
        List<ChatMessage> sent = [.. await HistoryAsync(cancellationToken), new ChatMessage(ChatRole.User, question)];
        if (system is not null)
        {
            sent.Insert(0, new ChatMessage(ChatRole.System, system));
        }

        ChatResponse answer = await AnswerAsync(sent, show, cancellationToken);
        await memory.CommitTurnAsync(
            conversation,
            new TurnBody
            {
                Messages =
                [
                    new MessageBody { Role = "user", Content = question },
                    .. answer.Messages.Select(static message => new MessageBody { Role = message.Role.Value, Content = message.Text }),
                ],
            },
            idempotencyKey: Guid.NewGuid().ToString(),
            cancellationToken
        );
        return answer.Text;
    }

    private async Task<ChatResponse> AnswerAsync(List<ChatMessage> sent, Action<string> show, CancellationToken cancellationToken)
    {
        var updates = new List<ChatResponseUpdate>();
        try
        {
            await foreach (ChatResponseUpdate update in model.GetStreamingResponseAsync(sent, cancellationToken: cancellationToken))
            {
                updates.Add(update);
                show(PlainText.Of(update.Text));
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new ModelException(
                $"The model's server failed: {(failure is AggregateException { InnerExceptions: [.., var last] } ? last : failure).Message.ReplaceLineEndings(" ")}",
                failure
            );
        }

        // A stream that ends without a reason was cut.
        ChatResponse answer = updates.ToChatResponse();
        return answer.FinishReason is not null && answer.Text.Length > 0
            ? answer
            : throw new ModelException("The model's answer was empty, or ended too early. Question and answer were not kept.");
    }

    private async Task<IEnumerable<ChatMessage>> HistoryAsync(CancellationToken cancellationToken)
    {
        try
        {
            MessagePageDocument window = await memory.GetMessagesAsync(
                conversation,
                limit: 1000,
                maxTokens: maxTokens,
                cancellationToken: cancellationToken
            );
            return window.Messages.Select(static message => new ChatMessage(new ChatRole(message.Role), Contents(message))
            {
                AuthorName = message.AuthorName,
            });
        }
        catch (MemoryHttpException<ProblemDocument> refusal) when (refusal.Result.Code == "conversation-not-found")
        {
            // The first turn makes it.
            return [];
        }
    }

    // What the silo gives out is what Microsoft.Extensions.AI writes.
    private static List<AIContent> Contents(MessageDocument message) =>
        JsonSerializer.SerializeToElement(message.Contents).Deserialize<List<AIContent>>(AIJsonUtilities.DefaultOptions)!;
}
