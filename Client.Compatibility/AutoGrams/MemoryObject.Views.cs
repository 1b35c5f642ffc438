using System.Runtime.CompilerServices;
using System.Text;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

public sealed partial class MemoryObject
{
    /// <inheritdoc />
    /// <remarks>
    /// The turns are those of the running function and of its callers, up to the innermost function of scope
    /// <see cref="ConversationScope.Local"/>. Those that have been dropped from the conversation's log meanwhile are left out.
    /// </remarks>
    public override async Task<ModelView> GetTurnsForModelAsync(
        int maxTurns = DefaultMaxTurns,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTurns, 1);
        (IAsyncEnumerable<TurnRecord> newest, string systemPrompt) = StartView(maxTurns, cancellationToken);
        var records = new List<TurnRecord>();
        await foreach (TurnRecord record in newest)
        {
            records.Add(record);
        }

        records.Reverse();
        return new ModelView([.. records.SelectMany(record => record.ToTurns())], systemPrompt);
    }

    /// <summary>Reads everything that was said and that models were asked, oldest first.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The entries, read while they are consumed. What is logged meanwhile is not part of it.</returns>
    public async IAsyncEnumerable<ModelTurn> GetModelTurnsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (TurnRecord record in StartModelTurns(int.MaxValue, MessageOrder.Ascending, cancellationToken))
        {
            if (record.IsModelTurn)
            {
                yield return record.ToModelTurn();
            }
        }
    }

    /// <summary>Reads what user and agent said to each other, oldest first, empty replies of the user included.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The turns, of the roles <c>user</c> and <c>assistant</c>, read while they are consumed.</returns>
    public async IAsyncEnumerable<ProgramTurn> ExtractFullConversationHistoryAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (TurnRecord record in StartModelTurns(int.MaxValue, MessageOrder.Ascending, cancellationToken))
        {
            if (ToHistory(record) is { } turn)
            {
                yield return turn;
            }
        }
    }

    /// <summary>What user and agent said to each other as one text, <c>role: content</c> and an empty line for each turn.</summary>
    /// <param name="maxEntries">How many entries of the program's log to look at, 1 or more, the newest ones.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The text.</returns>
    public async Task<string> ExtractConversationHistoryTextAsync(
        int maxEntries = DefaultMaxTurns,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEntries, 1);
        var turns = new List<ProgramTurn>();
        await foreach (TurnRecord record in StartModelTurns(maxEntries, MessageOrder.Descending, cancellationToken))
        {
            if (ToHistory(record) is { } turn)
            {
                turns.Add(turn);
            }
        }

        var text = new StringBuilder();
        foreach (ProgramTurn turn in Enumerable.Reverse(turns))
        {
            text.Append(turn.Role).Append(": ").Append(turn.Content).Append("\n\n");
        }

        return text.ToString();
    }

    private static ProgramTurn? ToHistory(TurnRecord record) =>
        record.EntryType switch
        {
            ModelTurnTypes.UserReply => new ProgramTurn("user", record.Text),
            ModelTurnTypes.AgentReply => new ProgramTurn("assistant", record.Text),
            _ => null,
        };

    private (IAsyncEnumerable<TurnRecord> Newest, string SystemPrompt) StartView(int maxTurns, CancellationToken cancellationToken)
    {
        using UseGuard.Use use = Guard.Enter();
        string systemPrompt = SystemPrompt;
        var runs = new List<Run>();
        long left = maxTurns;
        for (int i = _state.TurnStack.Count - 1; i >= 0 && left > 0; i--)
        {
            List<Run> newest = _state.TurnStack[i].Turns.Newest(left);
            left -= newest.Sum(run => run.Length);
            runs.AddRange(newest);
            if (_state.TurnStack[i].Scope == ConversationScope.Local)
            {
                break;
            }
        }

        return (_log.ReadAsync(runs, MessageOrder.Descending, cancellationToken), systemPrompt);
    }

    private IAsyncEnumerable<TurnRecord> StartModelTurns(int atMost, MessageOrder order, CancellationToken cancellationToken)
    {
        using UseGuard.Use use = Guard.Enter();
        return ReadList(_state.ModelTurns, atMost == int.MaxValue ? long.MaxValue : atMost, order, cancellationToken);
    }

    private IAsyncEnumerable<TurnRecord> ReadList(TurnRanges list, long atMost, MessageOrder order, CancellationToken cancellationToken)
    {
        List<Run> runs = list.Newest(atMost);
        if (order == MessageOrder.Ascending)
        {
            runs.Reverse();
        }

        return _log.ReadAsync(runs, order, cancellationToken);
    }
}
