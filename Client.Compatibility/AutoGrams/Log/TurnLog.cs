using System.Runtime.CompilerServices;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Compatibility.AutoGrams.Log;

/// <summary>
/// A program's turns: those in the conversation's log, read when they are asked for, and those of the turn at work. The latter have their
/// sequences already: they are committed only onto the version that was opened, or not at all.
/// </summary>
/// <param name="source">The conversation; <see langword="null"/> when the program belongs to none yet.</param>
/// <param name="baseSequence">The newest sequence of the conversation's log.</param>
internal sealed class TurnLog(Conversation? source, long baseSequence)
{
    private const int PageMessages = 256;

    private readonly List<TurnRecord> _pending = [];

    private Conversation? _source = source;

    /// <summary>The newest sequence in the conversation's log.</summary>
    public long Base { get; private set; } = baseSequence;

    /// <summary>The turns that are not committed yet.</summary>
    public IReadOnlyList<TurnRecord> Pending => _pending;

    /// <summary>Adds a turn.</summary>
    /// <returns>Its sequence.</returns>
    public long Append(TurnRecord record)
    {
        _pending.Add(record);
        return Base + _pending.Count;
    }

    /// <summary>Puts a turn that is not committed in the place of another one.</summary>
    /// <param name="index">The index among those that are not committed.</param>
    public void Replace(int index, TurnRecord record) => _pending[index] = record;

    /// <summary>Says where the turns will stand. None of them is committed.</summary>
    /// <param name="lastSequence">The newest sequence of its log.</param>
    public void MoveTo(Conversation conversation, long lastSequence)
    {
        _source = conversation;
        Base = lastSequence;
    }

    /// <summary>Notes that all turns are committed.</summary>
    public void Settle()
    {
        Base += _pending.Count;
        _pending.Clear();
    }

    /// <summary>Reads turns. Those that have been dropped from the log, or that no program wrote, are left out.</summary>
    /// <param name="runs">Which ones, in the order of reading.</param>
    /// <returns>The turns. What is added meanwhile is not part of it.</returns>
    public IAsyncEnumerable<TurnRecord> ReadAsync(IReadOnlyList<Run> runs, MessageOrder order, CancellationToken cancellationToken)
    {
        TurnRecord[] pending = [.. _pending];
        long stored = Base;
        IEnumerable<TurnRecord> fresh = runs.Where(run => run.Last > stored)
            .SelectMany(run =>
            {
                long first = Math.Max(run.First, stored + 1);
                ArraySegment<TurnRecord> part = new(pending, (int)(first - stored - 1), (int)(run.Last - first + 1));
                return order == MessageOrder.Ascending ? part : part.Reverse();
            });
        Run[] old = [.. runs.Where(run => run.First <= stored).Select(run => run with { Last = Math.Min(run.Last, stored) })];
        return ReadAsync(fresh, old, order, cancellationToken);
    }

    private async IAsyncEnumerable<TurnRecord> ReadAsync(
        IEnumerable<TurnRecord> fresh,
        Run[] old,
        MessageOrder order,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (order == MessageOrder.Descending)
        {
            foreach (TurnRecord record in fresh)
            {
                yield return record;
            }
        }

        await foreach (Message message in StoredAsync(old, order, cancellationToken))
        {
            if (TurnRecordFormat.Read(message) is { } record)
            {
                yield return record;
            }
        }

        if (order == MessageOrder.Ascending)
        {
            foreach (TurnRecord record in fresh)
            {
                yield return record;
            }
        }
    }

    /// <summary>Reads page by page and skips what lies between the runs, so that many small runs do not mean many reads.</summary>
    private async IAsyncEnumerable<Message> StoredAsync(
        Run[] runs,
        MessageOrder order,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        bool ascending = order == MessageOrder.Ascending;
        int limit = (int)Math.Min(runs.Sum(run => run.Length), PageMessages);
        int at = 0;
        long? read = null;
        while (at < runs.Length)
        {
            long from = ascending ? Math.Max(runs[at].First, read + 1 ?? 0) : Math.Min(runs[at].Last, read - 1 ?? long.MaxValue);
            MessagePage page = await _source!.GetStoredMessagesAsync(
                new MessageQuery
                {
                    After = ascending ? from - 1 : null,
                    Before = ascending ? null : from + 1,
                    Limit = limit,
                    Order = order,
                },
                cancellationToken
            );
            foreach (Message message in page.Messages)
            {
                at = Skip(runs, at, ascending, message.Sequence);
                if (at == runs.Length)
                {
                    yield break;
                }

                if (runs[at].First <= message.Sequence && message.Sequence <= runs[at].Last)
                {
                    yield return message;
                }
            }

            if (page.Next is null)
            {
                yield break;
            }

            read = page.Messages[^1].Sequence;
            at = Skip(runs, at, ascending, ascending ? read.Value + 1 : read.Value - 1);
        }
    }

    private static int Skip(Run[] runs, int at, bool ascending, long sequence)
    {
        while (at < runs.Length && (ascending ? runs[at].Last < sequence : runs[at].First > sequence))
        {
            at++;
        }

        return at;
    }
}
