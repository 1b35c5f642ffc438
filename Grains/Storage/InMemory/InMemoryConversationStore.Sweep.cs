using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task<SweepResult> SweepAsync(Sweep sweep, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                HashSet<StoredLife> parents = Parents();
                int turns = SweepTurns(sweep);
                int messages = SweepMessages(sweep.Limit, parents);
                (int imports, int lives, int content) = SweepLives(sweep, sweep.Limit - messages, parents);
                return new SweepResult(turns, imports, messages + content, lives);
            },
            cancellationToken
        );

    private int SweepTurns(Sweep sweep)
    {
        List<(StoredLife Life, string TurnId)> targets =
        [
            .. _lives
                .Values.SelectMany(life => life.Turns.Select(turn => (Life: life, TurnId: turn.Key, turn.Value.At)))
                .Where(turn => turn.At < sweep.TurnsBefore)
                .OrderBy(turn => turn.At)
                .Take(sweep.Limit)
                .Select(turn => (turn.Life, turn.TurnId)),
        ];
        targets.ForEach(turn => turn.Life.Turns.Remove(turn.TurnId));
        return targets.Count + SweepGoneTurns(sweep);
    }

    private int SweepGoneTurns(Sweep sweep)
    {
        List<(ConversationKey Key, string TurnId)> old =
        [
            .. _gone
                .SelectMany(turns => turns.Value.Select(turn => (turns.Key, TurnId: turn.Key, GoneAt: turn.Value)))
                .Where(turn => turn.GoneAt < sweep.TurnsBefore)
                .OrderBy(turn => turn.GoneAt)
                .Take(sweep.Limit)
                .Select(turn => (turn.Key, turn.TurnId)),
        ];
        foreach ((ConversationKey key, string turnId) in old)
        {
            _gone[key].Remove(turnId);
            if (_gone[key].Count == 0)
            {
                _gone.Remove(key);
            }
        }

        return old.Count;
    }

    private int SweepMessages(int limit, HashSet<StoredLife> parents)
    {
        int removed = 0;
        foreach (StoredLife life in _lives.Values.Where(life => life.RemoveBefore is not null && !parents.Contains(life)))
        {
            int truncated = life.Range(0, life.RemoveBefore!.Value - 1, MessageOrder.Ascending).Count();
            int count = Math.Min(truncated, limit - removed);
            life.Messages.RemoveRange(0, count);
            removed += count;
            if (count < truncated)
            {
                break;
            }

            life.RemoveBefore = null;
        }

        return removed;
    }

    private (int Imports, int Lives, int Messages) SweepLives(Sweep sweep, int room, HashSet<StoredLife> parents)
    {
        (int imports, int lives, int messages) = (0, 0, 0);
        StoredLife[] targets =
        [
            .. _lives.Values.Where(life =>
                (life.State == LifeState.Replaced && !parents.Contains(life))
                || (life.State == LifeState.Importing && life.CreatedAt < sweep.ImportsBefore)
            ),
        ];
        foreach (StoredLife life in targets)
        {
            bool import = life.State == LifeState.Importing;
            if ((import ? imports : lives) == sweep.Limit)
            {
                continue;
            }

            int count = Math.Min(life.Messages.Count, room - messages);
            life.Messages.RemoveRange(0, count);
            messages += count;
            if (life.Messages.Count == 0)
            {
                _lives.Remove(life.StoreId);
                (imports, lives) = import ? (imports + 1, lives) : (imports, lives + 1);
            }
        }

        return (imports, lives, messages);
    }
}
