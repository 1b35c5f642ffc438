using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Commit;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>What a batch takes of whom.</summary>
public sealed class BatchGatheringTests
{
    private readonly Channel<PendingCommit> _queue = Channel.CreateUnbounded<PendingCommit>();
    private readonly FakeTimeProvider _time = new();
    private readonly PostgresStorageOptions _options = new() { MaxQueuedTurns = 100, MaxQueuedBytes = 1_000_000 };
    private readonly TenantShares _shares;
    private long _storeId;

    public BatchGatheringTests() => _shares = new TenantShares(_options, _time);

    [Fact]
    public void A_tenant_that_is_alone_fills_a_batch()
    {
        BatchGathering gathering = Gathering(maxTurns: 30);
        Send("a", 40);
        Assert.Equal("a*30", Gather(gathering));
        Assert.Equal("a*10", Gather(gathering));
        Assert.Equal("", Gather(gathering));
    }

    [Fact]
    public void Tenants_that_share_have_few_turns_of_a_batch_each()
    {
        BatchGathering gathering = Gathering(maxTurns: 30);
        Send("flood", 20);
        Send("calm", 1);
        Send("busy", 6);
        Assert.Equal("flood*4 calm*1 busy*4", Gather(gathering));
        Send("calm", 1);
        Assert.Equal("flood*4 busy*2 calm*1", Gather(gathering));
        Assert.Equal("flood*4", Gather(gathering));

        // No one else has come for a while.
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("flood*8", Gather(gathering));
    }

    [Fact]
    public void Tenants_take_turns_where_a_batch_is_full_before_all_had_their_share()
    {
        BatchGathering gathering = Gathering(maxTurns: 6);
        Send("a", 9);
        Send("b", 9);
        Send("c", 9);
        Assert.Equal(["a*4 b*2", "c*4 a*2", "b*4 c*2"], [Gather(gathering), Gather(gathering), Gather(gathering)]);
    }

    [Fact]
    public void Large_turns_of_a_tenant_are_few_of_a_batch()
    {
        BatchGathering gathering = Gathering(maxTurns: 30);
        Send("calm", 1);
        Send("flood", 3, bytes: 300_000);
        Assert.Equal("calm*1 flood*1", Gather(gathering));
    }

    [Fact]
    public void A_turn_that_waits_keeps_the_turns_of_its_conversation_behind_it()
    {
        BatchGathering gathering = Gathering(maxTurns: 30);
        foreach (int version in (int[])[1, 9, 2])
        {
            Send(Turn("a", 1, version), 10);
        }

        Send(Turn("a", 2, 1), 10);
        Assert.Equal(["1@1 2@1", "1@9", "1@2"], [Versions(gathering.Gather()), Versions(gathering.Gather()), Versions(gathering.Gather())]);
    }

    [Fact]
    public void One_of_several_tenants_fills_half_of_the_queue_at_most()
    {
        TenantShare[] flood = [.. Enumerable.Range(0, 90).Select(_ => _shares.TryTake("flood", 1)!)];
        Assert.All(flood, Assert.NotNull);
        TenantShare? calm = _shares.TryTake("calm", 1);
        Assert.NotNull(calm);
        Assert.True(_shares.AreShared);
        Assert.Null(_shares.TryTake("flood", 1));
        foreach (TenantShare share in flood[..41])
        {
            _shares.Release(share, 1);
        }

        Assert.NotNull(_shares.TryTake("flood", 1));
        Assert.Null(_shares.TryTake("flood", 1));
        Assert.Null(_shares.TryTake("calm", 500_001 - 1));
        _shares.Release(calm, 1);
        Assert.NotNull(_shares.TryTake("calm", 700_000));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.False(_shares.AreShared);
    }

    private BatchGathering Gathering(int maxTurns) => new(_queue.Reader, _shares, maxTurns, 8 * 1024 * 1024);

    private void Send(string tenant, int turns, long bytes = 10)
    {
        for (int i = 0; i < turns; i++)
        {
            Send(Turn(tenant, ++_storeId, 1), bytes);
        }
    }

    private void Send(TurnCommit turn, long bytes)
    {
        TenantShare share = _shares.TryTake(turn.Key.Tenant, bytes)!;
        Assert.True(_queue.Writer.TryWrite(new PendingCommit(turn, bytes, 0, null!, share, new AnswerQueue())));
    }

    private static TurnCommit Turn(string tenant, long storeId, long version) =>
        new()
        {
            Key = ConversationKey.Create(tenant, $"{storeId}"),
            StoreId = storeId,
            ExpectedVersion = version - 1,
            TurnId = $"{storeId}-{version}",
            PayloadHash = [],
            FirstSequence = 1,
            LastSequence = 0,
            At = DateTimeOffset.UnixEpoch,
            PreviousAt = null,
        };

    private static string Gather(BatchGathering gathering) =>
        string.Join(
            ' ',
            gathering
                .Gather()
                .SelectMany(group => group.Turns)
                .GroupBy(turn => turn.Commit.Key.Tenant, StringComparer.Ordinal)
                .Select(turns => $"{turns.Key}*{turns.Count()}")
        );

    private static string Versions(List<CommitGroup> batch) =>
        string.Join(' ', batch.SelectMany(group => group.Turns).Select(turn => $"{turn.Commit.StoreId}@{turn.Commit.Version}"));
}
