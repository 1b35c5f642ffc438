using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// What an activation knows since it last loaded: the durable state, which reads see, and the tip, upon which the next turn is decided
/// while the turns before it are still on their way. It is thrown away as soon as a turn does not commit.
/// </summary>
internal sealed class LoadedConversation
{
    private readonly TailBounds _bounds;
    private readonly PendingTurns _pending = new();

    public LoadedConversation(ConversationState state, IEnumerable<Message> newest, Lineage lineage, TailBounds bounds, int recentTurns)
    {
        _bounds = bounds;
        Durable = state;
        Tip = state;
        Lineage = lineage;
        Tail = new LogTail(bounds);
        foreach (Message message in newest)
        {
            Tail.Append(message);
        }

        Recent = new RecentTurns(recentTurns);
    }

    /// <summary>The state of the newest durable turn.</summary>
    public ConversationState Durable { get; private set; }

    /// <summary>The state after every turn that is on its way.</summary>
    public ConversationState Tip { get; private set; }

    /// <summary>The newest durable messages.</summary>
    public LogTail Tail { get; private set; }

    /// <summary>Whose rows make up the log.</summary>
    public Lineage Lineage { get; private set; }

    /// <summary>The turns that build on what was loaded.</summary>
    public CommitChain Chain { get; } = new();

    /// <summary>The turns committed last.</summary>
    public RecentTurns Recent { get; }

    /// <summary>Looks for message ids in the part of the log that is not in memory; <see langword="null"/> until a turn asks.</summary>
    public GatheredIdSearch? IdSearch { get; set; }

    /// <summary>The last turn that is on its way; <see langword="null"/> when none is.</summary>
    public PendingTurn? LastPending => _pending.Last;

    /// <summary>Finds a turn that is on its way.</summary>
    /// <returns>The turn, if it is.</returns>
    public PendingTurn? FindPending(string turnId) => _pending.Find(turnId);

    /// <summary>
    /// The last sequence of the log whose id only the store knows; less than the log's first where memory knows all of them.
    /// </summary>
    public long LastUnknownId => (Tail.FirstId ?? Durable.LastSequence + 1) - 1;

    /// <summary>Looks for a message in what memory knows: the tail of the log, and the turns that are on their way.</summary>
    /// <returns>Whether the tip's log has one of this id there.</returns>
    public bool Holds(string messageId) => _pending.Appends(messageId, Tip.FirstSequence) || Tail.Holds(messageId, Tip.FirstSequence);

    /// <summary>Moves the tip behind a turn that has been handed to the store.</summary>
    public void Push(PendingTurn pending)
    {
        _pending.Add(pending);
        Tip = pending.Turn.After;
    }

    /// <summary>Makes every turn at the front that is durable part of the durable state, in order.</summary>
    /// <returns>A task that is complete already: only finished turns are looked at.</returns>
    public async Task ApplyDurableAsync()
    {
        while (_pending.First is { Stored.IsCompletedSuccessfully: true } pending)
        {
            CommitResult result = await pending.Stored;
            if (result.Status != CommitStatus.Committed)
            {
                return;
            }

            _pending.RemoveFirst();
            Apply(pending.Turn);
        }
    }

    private void Apply(DecidedTurn turn)
    {
        TurnCommit commit = turn.Commit;
        if (commit.ExpectedVersion == 0)
        {
            // A new life: nothing of an expired one before it is left.
            Tail = new LogTail(_bounds);
            Lineage = Lineage.Own(commit.Key.Tenant, commit.StoreId);
        }

        Durable = turn.After;
        Tail.DropBefore(commit.FirstSequence);
        foreach (MessageRow row in commit.Messages)
        {
            Tail.Append(row.Message);
        }

        Recent.Add(commit.TurnId, commit.PayloadHash, commit.Receipt);
    }
}
