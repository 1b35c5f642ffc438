using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// A turn id is written once in a life.
public abstract partial class ConversationTurnContract
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Turn_that_comes_again_is_answered_with_its_first_receipt_and_writes_nothing(long expectedAgain)
    {
        WrittenConversation conversation = await OpenAsync("again");
        TurnCommit first = Everything(conversation);
        await WriteAsync(conversation, first);
        await WriteAsync(conversation, conversation.Turn("second", "two"));
        await WriteAsync(conversation, conversation.Turn("third", "three"));
        StoredConversation before = await LoadAsync(conversation.Key);

        CommitResult again = await Store.CommitAsync(first with { ExpectedVersion = expectedAgain }, None);

        Assert.Equal(
            new CommitResult(
                CommitStatus.Replayed,
                new TurnReceipt
                {
                    Version = 1,
                    FirstSequence = 1,
                    LastSequence = 2,
                    Replayed = true,
                }
            ),
            again
        );
        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task Turn_id_that_comes_again_with_another_payload_is_a_conflict_and_writes_nothing()
    {
        WrittenConversation conversation = await WriteNewAsync("reused", turns: 2);
        StoredConversation before = await LoadAsync(conversation.Key);

        TurnCommit other = conversation.Turn("reused-1", "something else") with { PayloadHash = WrittenConversation.HashOf("else") };
        CommitResult result = await Store.CommitAsync(other, None);

        Assert.Equal(CommitStatus.TurnConflict, result.Status);
        Assert.Equal(1, result.Receipt!.Version);
        await AssertUnchangedAsync(before);
        JournalledTurn? journalled = await Store.FindTurnAsync(conversation.StoreId, "reused-1", None);
        Assert.Equal(WrittenConversation.HashOf("reused-1"), journalled!.PayloadHash);
    }

    [Fact]
    public async Task Turn_that_comes_many_times_at_once_is_written_once()
    {
        WrittenConversation conversation = await WriteNewAsync("storm", turns: 1);
        TurnCommit commit = conversation.Turn("storm-turn", "once");

        CommitResult[] results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.CommitAsync(commit, None))));

        Assert.Single(results, result => result.Status == CommitStatus.Committed);
        Assert.Equal(15, results.Count(result => result.Status == CommitStatus.Replayed));
        Assert.All(results, result => Assert.Equal(2, result.Receipt!.Version));
        Assert.Equal(2, (await LoadAsync(conversation.Key)).Tail.Length);
    }

    [Fact]
    public async Task First_turn_that_comes_many_times_at_once_starts_one_life()
    {
        WrittenConversation conversation = await OpenAsync("first-storm");
        TurnCommit commit = conversation.Turn("first-storm-turn", "once");

        CommitResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.CommitAsync(commit, None))));

        Assert.Single(results, result => result.Status == CommitStatus.Committed);
        Assert.Equal(7, results.Count(result => result.Status == CommitStatus.Replayed));
        Assert.Equal(1, (await LoadAsync(conversation.Key)).Head!.Version);
    }

    [Fact]
    public async Task Same_turn_id_in_two_conversations_is_two_turns()
    {
        WrittenConversation one = await OpenAsync("one");
        WrittenConversation two = await OpenAsync("two");

        await WriteAsync(one, one.Turn("shared-id", "in one"));
        await WriteAsync(two, two.Turn("shared-id", "in two"));

        Assert.Equal(2, new[] { await LoadAsync(one.Key), await LoadAsync(two.Key) }.Count(stored => stored.Head!.Version == 1));
    }

    [Theory]
    [InlineData("turn", "TURN")]
    [InlineData("turn", "turn ")]
    [InlineData("\u00e9", "e\u0301")]
    public async Task Turn_ids_are_told_apart_to_the_last_byte(string one, string other)
    {
        WrittenConversation conversation = await OpenAsync("ordinal");
        await WriteAsync(conversation, conversation.Turn(one, "one"));
        await WriteAsync(conversation, conversation.Turn(other, "other"));

        Assert.Equal(1, (await Store.FindTurnAsync(conversation.StoreId, one, None))!.Version);
        Assert.Equal(2, (await Store.FindTurnAsync(conversation.StoreId, other, None))!.Version);
    }

    [Fact]
    public async Task Turn_id_that_was_never_committed_is_not_found()
    {
        WrittenConversation conversation = await WriteNewAsync("known", turns: 1);

        Assert.Null(await Store.FindTurnAsync(conversation.StoreId, "unknown", None));
        Assert.Null(await Store.FindTurnAsync(conversation.StoreId + 1_000_000, "known-1", None));
    }

    [Fact]
    public async Task Turn_ids_are_forgotten_by_a_sweep_and_only_those_of_before()
    {
        WrittenConversation conversation = await WriteNewAsync("forgetful", turns: 3);
        DateTimeOffset second = WrittenConversation.Start.AddMinutes(1);

        await Store.SweepAsync(new Sweep(second, default, 100_000), None);

        Assert.Null(await Store.FindTurnAsync(conversation.StoreId, "forgetful-1", None));
        Assert.NotNull(await Store.FindTurnAsync(conversation.StoreId, "forgetful-2", None));
        CommitResult forgotten = await Store.CommitAsync(conversation.Turn("forgetful-1", "again") with { ExpectedVersion = 0 }, None);
        Assert.Equal(CommitStatus.Lost, forgotten.Status);
        Assert.Equal(3, (await LoadAsync(conversation.Key)).Head!.Version);
    }
}
