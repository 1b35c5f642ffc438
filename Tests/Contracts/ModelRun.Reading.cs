using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Steps that read.
internal sealed partial class ModelRun
{
    private async Task CompareAsync(ConversationKey key, TailBounds bounds)
    {
        StoredConversation stored = await store.LoadAsync(key, bounds, None);
        ModelLife? life = _model.Find(key);
        if (stored.Head is null && life is not null && life.IsExpired(_now))
        {
            return;
        }

        Assert.Equal(life?.ToHead(), stored.Head);
        Assert.Equal(_model.HasGone(key), stored.HasGoneTurns);
        if (life is null)
        {
            Assert.Empty(stored.Entries);
            Assert.Empty(stored.Tail);
            return;
        }

        Assert.Equal(life.StoreId, stored.StoreId);
        Assert.Equal(life.OrderedEntries(), stored.Entries);
        Assert.Equal(life.Tail(bounds), stored.Tail);
        var whole = new MessageScan(life.FirstSequence, long.MaxValue, null, MessageOrder.Ascending, int.MaxValue, long.MaxValue);
        Assert.Equal(life.Read(whole), await store.ReadMessagesAsync(stored.Lineage, whole, None));
    }

    private async Task ReadAsync(ModelStep step)
    {
        if (PickLive(step) is not { } life)
        {
            return;
        }

        Lineage lineage = (await store.LoadAsync(life.Key, new TailBounds(1, 1), None)).Lineage;
        foreach (MessageOrder order in (MessageOrder[])[MessageOrder.Ascending, MessageOrder.Descending])
        {
            var scan = new MessageScan(
                life.FirstSequence + (step.A / 2),
                step.B == 15 ? long.MaxValue : life.FirstSequence + (step.A / 2) + step.B,
                (step.C % 4) switch
                {
                    1 => MessageRoles.User,
                    2 => MessageRoles.Assistant,
                    _ => null,
                },
                order,
                1 + (step.B % 7),
                step.C < 4 ? long.MaxValue : 60 + (step.C * 20)
            );
            Assert.Equal(life.Read(scan), await store.ReadMessagesAsync(lineage, scan, None));
        }
    }

    private async Task ReadToolTracesAsync(ModelStep step)
    {
        if (PickLive(step) is not { } life)
        {
            return;
        }

        Lineage lineage = (await store.LoadAsync(life.Key, new TailBounds(1, 1), None)).Lineage;
        long from = life.FirstSequence + (step.A / 3);

        IReadOnlyList<ToolTrace> actual = await store.ReadToolTracesAsync(lineage, from, None);

        Assert.Equal(
            life.Log.Where(row => row.Message.Sequence >= from && row.Tools is not null)
                .Select(row => $"{row.Message.Sequence}: {Describe(row.Tools!)}"),
            actual.Select(trace => $"{trace.Sequence}: {Describe(trace.Links)}")
        );
    }

    /// <summary>What decides whether a message of an id is there.</summary>
    private async Task FindIdsAsync(ModelStep step)
    {
        if (PickLive(step) is not { } life)
        {
            return;
        }

        Lineage lineage = (await store.LoadAsync(life.Key, new TailBounds(1, 1), None)).Lineage;
        long first = life.FirstSequence + (step.A / 3);
        long last = step.B == 15 ? long.MaxValue : first + step.B;
        HashSet<string> ids =
        [
            .. Enumerable.Range(0, 1 + step.C).Select(i => $"msg-{life.FirstSequence + (i * (1 + (step.A % 3)))}"),
            "no message",
        ];

        Dictionary<string, long> actual = await store.FindMessageIdsAsync(lineage, first, last, [.. ids], None);

        Assert.Equal(
            life.Log.Select(row => row.Message)
                .Where(message => message.Sequence >= first && message.Sequence <= last && ids.Contains(message.Id))
                .GroupBy(message => message.Id, StringComparer.Ordinal)
                .Select(same => (same.Key, same.Max(message => message.Sequence)))
                .OrderBy(found => found.Key, StringComparer.Ordinal),
            actual.Select(found => (found.Key, found.Value)).OrderBy(found => found.Key, StringComparer.Ordinal)
        );
    }

    private async Task FindTurnAsync(ModelStep step)
    {
        if (PickLive(step) is not { } life)
        {
            return;
        }

        string turnId = $"turn-{1 + (step.A % (_turns + 1))}";
        JournalledTurn? actual = await store.FindTurnAsync(life.StoreId, turnId, None);
        Assert.Equal(life.Turns.TryGetValue(turnId, out (byte[] Hash, TurnReceipt Receipt, DateTimeOffset At) turn), actual is not null);
        if (actual is not null)
        {
            Assert.Equal(turn.Receipt with { Replayed = true }, actual.ToReceipt());
            Assert.Equal(turn.Hash, actual.PayloadHash);
        }
    }

    private static string Describe(ToolLinks links) => $"{string.Join(',', links.Calls)} -> {string.Join(',', links.Results)}";
}
