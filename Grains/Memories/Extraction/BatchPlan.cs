using System.Collections.Immutable;
using System.Text;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>
/// Chooses which of the waiting turns the next call is about, and decides when turns are left without facts. It is the memory of one
/// activation: what a lost one knew is found out anew.
/// </summary>
/// <remarks>
/// <para>
/// Turns are taken in their order. One call is about turns of one conversation, and never about some that expire and some that do not.
/// </para>
/// <para>A reply that cannot be read: half of the turns are tried again, and after <see cref="ExtractionOptions.MaxAttempts"/> such replies
/// those that were tried last are given up.</para>
/// <para>A call that fails may mean that the model is down, or that it refuses a turn. Half of the turns are tried again. A single turn is
/// put aside and the next one tried: if that fails too it is the model, and nothing is given up. If it succeeds the one put aside is tried
/// again, and given up after <see cref="ExtractionOptions.MaxAttempts"/> failures between which other turns succeeded. Whatever else
/// happens, a turn that fails alone is given up <see cref="ExtractionOptions.GiveUpAfter"/> after it was recorded.</para>
/// </remarks>
/// <param name="options">The bounds.</param>
internal sealed class BatchPlan(ExtractionOptions options)
{
    private int _size = options.BatchTurns;
    private int _unreadable;
    private string? _aside;
    private string? _suspect;
    private int _strikes;

    /// <summary>Chooses the turns of the next call.</summary>
    /// <param name="waiting">The turns that wait, in their order; at least one.</param>
    /// <returns>Some of them, in their order; at least one.</returns>
    public ImmutableArray<MemoryFact> Choose(IReadOnlyList<MemoryFact> waiting)
    {
        if (waiting.FirstOrDefault(turn => IsSame(turn.Id, _suspect)) is { } suspect)
        {
            return [suspect];
        }

        IEnumerable<MemoryFact> candidates = waiting.Where(turn => !IsSame(turn.Id, _aside)).DefaultIfEmpty(waiting[0]);
        MemoryFact? first = null;
        int bytes = 0;
        return
        [
            .. candidates
                .Take(_size)
                .TakeWhile(turn =>
                {
                    bool isFirst = first is null;
                    first ??= turn;
                    bytes += BytesOf(turn);
                    return isFirst || (bytes <= options.MaxBatchBytes && FitTogether(first, turn));
                }),
        ];
    }

    /// <summary>The turns of a call are done with.</summary>
    /// <param name="batch">The turns.</param>
    public void OnDone(ImmutableArray<MemoryFact> batch)
    {
        _size = options.BatchTurns;
        _unreadable = 0;
        if (batch.Any(turn => IsSame(turn.Id, _suspect) || IsSame(turn.Id, _aside)))
        {
            (_suspect, _aside, _strikes) = (null, null, 0);
        }
        else if (_aside is not null)
        {
            (_suspect, _aside) = (_aside, null);
        }
    }

    /// <summary>The reply could not be read.</summary>
    /// <param name="batch">The turns of the call.</param>
    /// <returns>Whether these turns are given up.</returns>
    public bool OnUnreadable(ImmutableArray<MemoryFact> batch)
    {
        _unreadable++;
        _size = Half(batch.Length);
        return _unreadable >= options.MaxAttempts;
    }

    /// <summary>The call failed.</summary>
    /// <param name="batch">The turns of the call.</param>
    /// <param name="now">The instant.</param>
    /// <returns>Whether these turns are given up.</returns>
    public bool OnFailed(ImmutableArray<MemoryFact> batch, DateTimeOffset now)
    {
        _size = Half(batch.Length);
        if (batch.Length > 1)
        {
            return false;
        }

        MemoryFact turn = batch[0];
        if (now - turn.CreatedAt >= options.GiveUpAfter)
        {
            return true;
        }

        if (IsSame(turn.Id, _suspect))
        {
            _strikes++;
            (_suspect, _aside) = (null, turn.Id);
            return _strikes >= options.MaxAttempts;
        }

        if (!IsSame(turn.Id, _aside))
        {
            // Two different turns failed one after the other: nothing is known against either of them.
            _aside = _aside is null ? turn.Id : null;
            _strikes = 0;
        }

        return false;
    }

    private static int Half(int turns) => Math.Max(1, turns / 2);

    private static bool IsSame(string id, string? other) => string.Equals(id, other, StringComparison.Ordinal);

    private static bool FitTogether(MemoryFact one, MemoryFact other) =>
        string.Equals(one.ConversationId, other.ConversationId, StringComparison.Ordinal)
        && one.ExpiresAt is null == other.ExpiresAt is null;

    private static int BytesOf(MemoryFact turn) =>
        Encoding.UTF8.GetByteCount(turn.Text) + (turn.Caption is { } caption ? Encoding.UTF8.GetByteCount(caption) : 0);
}
