using OrleansMemory.Client.Compatibility.AutoGrams.Log;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

public sealed partial class MemoryObject
{
    /// <summary>Notes that the program is at a node of its graph.</summary>
    /// <param name="address">The node.</param>
    /// <returns>The end of its stay there: dispose it when the node is left, by whatever way.</returns>
    public IDisposable SetNode(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        using UseGuard.Use use = Guard.Enter();
        AppendEntry(Record(ModelTurnTypes.Node, address));
        LastNode = address;
        return new Ending(() => LastNode = null);
    }

    /// <summary>Takes no further use: the program has thrown, and it is not known where it stands.</summary>
    internal void Abandon() => Guard.Break();

    /// <summary>Notes what the program returned in the turn at work, where its turns do not show it.</summary>
    internal void NoteReturned(string? reply)
    {
        List<TurnRecord> pending = [.. _log.Pending];
        int asked = pending.FindIndex(record => record.EntryType == ModelTurnTypes.UserReply);
        if (asked >= 0 && ProgramReply.Of(pending) != new ProgramReply(reply))
        {
            _log.Replace(asked, ProgramReply.Note(pending[asked], reply));
        }
    }

    private protected override void AppendUserTurn(TurnRecord record)
    {
        long sequence = Append(record);
        if (_state.TurnStack is [.., { } top])
        {
            top.Turns.Add(sequence);
        }
        else
        {
            _state.UnusedUserReply = sequence;
        }
    }

    private protected override void AppendTurn(TurnRecord record)
    {
        TurnFrame top = Top();
        top.Turns.Add(Append(record));
    }

    private protected override void AppendEntry(TurnRecord record) => Append(record);

    private protected override void ChangeSystemPrompt(string text) => Top().SystemPrompt = text;

    private long Append(TurnRecord record)
    {
        long sequence = _log.Append(record);
        _state.ModelTurns.Add(sequence);
        return sequence;
    }
}
