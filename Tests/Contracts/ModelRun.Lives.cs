using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Steps that make and end lives.
internal sealed partial class ModelRun
{
    private async Task ForkAsync(ModelStep step)
    {
        if (PickLive(step) is not { } source)
        {
            return;
        }

        // Mostly onto a key that is free; never onto the source's own.
        ConversationKey[] others = [.. Enumerable.Range(step.A, ModelStep.Conversations).Select(Key).Where(key => key != source.Key)];
        ConversationKey target = step.C < 13 ? others.FirstOrDefault(key => FindLive(key) is null, others[0]) : others[0];
        var fork = new ForkCommit
        {
            SourceStoreId = source.StoreId,
            SourceVersion = step.C == 0 ? source.Version + 1 : source.Version,
            Target = target,
            AtSequence = source.FirstSequence - 1 + (step.B % (source.LastSequence - source.FirstSequence + 2)),
            At = _now,
            ExpiresAt = step.C % 4 == 1 ? _now.AddMinutes(10) : null,
        };

        ForkResult actual = await store.ForkAsync(fork, None);

        long made = actual.Status == ForkStatus.Created ? (await store.LoadAsync(fork.Target, new TailBounds(1, 1), None)).StoreId : 0;
        Assert.Equal(_model.Fork(fork, made), actual);
    }

    private async Task DeleteAsync(ModelStep step)
    {
        bool expired = _model.Find(Key(step.Conversation)) is { } life && life.IsExpired(_now);

        ConversationKey key = Key(step.Conversation);
        string[] turnIds = _model.Find(key) is { } deleted ? [.. deleted.Turns.Keys.Take(3)] : [];
        bool cutsForks = step.C % 2 == 0;

        DeleteResult actual = await store.DeleteAsync(new DeleteCommit(key, _now, CutsForks: cutsForks), None);

        (DeleteReceipt receipt, HashSet<ConversationKey> cut) = _model.Delete(key, _now, cutsForks);
        Assert.Equal(cut.Order(KeyOrder), actual.CutForks.Order(KeyOrder));
        Assert.Equal(receipt.ForksCut, actual.Receipt.ForksCut);
        if (!expired)
        {
            Assert.Equal(receipt.Existed, actual.Receipt.Existed);
        }

        if (!_model.Swept)
        {
            Assert.Equal(receipt, actual.Receipt with { Existed = receipt.Existed });
        }

        foreach (string turnId in expired ? [] : turnIds)
        {
            Assert.True(await store.IsGoneAsync(key, turnId, None));
        }
    }

    private async Task ImportAsync(ModelStep step)
    {
        ConversationKey key = Key(step.Conversation);
        int count = step.A;
        var turns = new ModelTurns(key, await store.ReserveStoreIdAsync(None), replaced: null) { LastSequence = step.B };
        TurnCommit content = turns.Next(step with { A = count }, _now, $"import-{++_turns}");
        MessageRow[] rows = [.. Enumerable.Range(1, count).Select(i => turns.Row(step.B + i, "imported"))];
        var import = new ImportCommit
        {
            Key = key,
            StoreId = turns.StoreId,
            Settings = content.Settings ?? ConversationSettings.Empty,
            Entries = content.EntryWrites,
            FirstSequence = step.B + 1,
            LastSequence = step.B + count,
            At = _now,
        };
        await store.BeginImportAsync(import, None);

        // The last chunk may never come; every other one comes twice.
        int given = step.C == 0 ? Math.Max(0, count - 1) : count;
        foreach (MessageRow[] chunk in rows[..given].Chunk(1 + (step.C % 5)))
        {
            Assert.Equal(chunk[^1].Message.Sequence, await store.AppendImportAsync(key, import.StoreId, chunk, None));
            Assert.Equal(chunk[^1].Message.Sequence, await store.AppendImportAsync(key, import.StoreId, chunk, None));
        }

        Assert.Equal(_model.Import(import, rows[..given], _now), await store.CompleteImportAsync(key, import.StoreId, _now, None));
    }

    private async Task SweepAsync(ModelStep step)
    {
        DateTimeOffset before = _now.AddMinutes(-step.A);
        await store.SweepAsync(new Sweep(before, before, 1_000_000), None);
        _model.Sweep(before);
    }

    private static Comparer<ConversationKey> KeyOrder { get; } =
        Comparer<ConversationKey>.Create((a, b) => string.CompareOrdinal(a.Id, b.Id));
}
