using Microsoft.Extensions.AI;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// A function loop around <see cref="ConversationChatClient"/> that calls journalled tools between two runs. Every call of the model is a
/// run with a turn of its own, so a result is in the journal until the run that is given it has stored it, and in the log from then on: in
/// the same transaction the journal is emptied. May be used by several calls at once.
/// </summary>
internal sealed class ToolLoop
{
    private const int FirstPage = 64;

    private static readonly AsyncLocal<ToolLoop?> CurrentLoop = new();

    private readonly Conversation _conversation;
    private readonly ConversationRun? _around = ConversationRun.Current;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<(string CallId, long Behind)>> _said = new(StringComparer.Ordinal);
    private readonly ToolJournal _journal;

    /// <summary>Begins a loop.</summary>
    /// <param name="turnId">The id that the caller gave the loop.</param>
    /// <param name="services">What runs share.</param>
    public ToolLoop(Conversation conversation, string turnId, RunServices services)
    {
        _conversation = conversation;
        _journal = new ToolJournal(conversation, turnId, services, this);
    }

    /// <summary>
    /// The journal of the loop that calls this code; <see langword="null"/> when none does, or when a run within the loop does.
    /// </summary>
    public static ToolJournal? Journal =>
        CurrentLoop.Value is { } loop && ReferenceEquals(loop._around, ConversationRun.Current) ? loop._journal : null;

    /// <summary>The space that the loop's runs empty; <see langword="null"/> when the loop has no tool with a journal.</summary>
    public string? Space => _journal.Space;

    /// <summary>The loop that a run of a conversation belongs to.</summary>
    /// <returns>The loop; <see langword="null"/> when there is none, or it is one of another conversation.</returns>
    public static ToolLoop? Of(ConversationKey conversation) =>
        CurrentLoop.Value is { } loop && loop._conversation.Key == conversation && ReferenceEquals(loop._around, ConversationRun.Current)
            ? loop
            : null;

    /// <summary>Says which tools the loop has.</summary>
    public void Offer(IEnumerable<AITool> tools) => _journal.Offer(tools);

    /// <summary>Makes the loop the current one of the calling async method, and of all that it calls.</summary>
    public void Enter() => CurrentLoop.Value = this;

    /// <summary>Notes the calls that a run of the loop has stored: their results stand behind them in the log, if they are there.</summary>
    /// <param name="format">How contents are written.</param>
    /// <param name="receipt">The run's turn.</param>
    /// <param name="response">What the model said in it.</param>
    public void Said(ChatMessageFormat format, TurnReceipt receipt, IEnumerable<ChatMessage> response)
    {
        var names = new ToolResultFormat(format);
        lock (_lock)
        {
            foreach (FunctionCallContent call in response.SelectMany(message => message.Contents).OfType<FunctionCallContent>())
            {
                if (receipt.LastSequence is { } last && names.Name(call.Name, new AIFunctionArguments(call.Arguments)) is { } name)
                {
                    if (!_said.TryGetValue(name, out List<(string CallId, long Behind)>? calls))
                    {
                        _said[name] = calls = [];
                    }

                    calls.Add((call.CallId, last));
                }
            }
        }
    }

    /// <summary>Finds the result of a call in the log.</summary>
    /// <param name="name">The name of all calls of its kind.</param>
    /// <param name="number">Which of them it is, from 1.</param>
    /// <returns>The result; <see langword="null"/> when the call has none among the 2,000 messages behind it.</returns>
    public async Task<FunctionResultContent?> FindResultAsync(string name, int number, CancellationToken cancellationToken)
    {
        (string CallId, long Behind) call;
        lock (_lock)
        {
            if (!_said.TryGetValue(name, out List<(string CallId, long Behind)>? calls) || number > calls.Count)
            {
                return null;
            }

            call = calls[number - 1];
        }

        int limit = FirstPage;
        long? after = call.Behind;
        for (int read = 0; read < WindowPlan.Reach && after is not null; read += limit, limit = 1_000)
        {
            ConversationPage page = await _conversation.GetShownMessagesAsync(
                new MessageQuery { After = after, Limit = limit },
                cancellationToken
            );
            FunctionResultContent? result = page
                .Messages.SelectMany(message => message.Message.Contents)
                .OfType<FunctionResultContent>()
                .FirstOrDefault(content => string.Equals(content.CallId, call.CallId, StringComparison.Ordinal));
            if (result is not null)
            {
                return result;
            }

            after = page.Next;
        }

        return null;
    }
}
