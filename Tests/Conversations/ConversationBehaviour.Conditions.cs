using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    private static readonly TurnCondition HasOne = TurnCondition.EntryHasValue(Space, "k", """{"b":[1,2],"a":"x"}""");

    [Fact]
    public async Task A_turn_is_committed_when_its_conditions_hold_and_refused_whole_with_all_that_do_not()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(
            Writing("1", Set("k", """{ "a": "x", "b": [1.0, 2] }""")) with
            {
                Messages = [Good with { Id = "m" }],
                Conditions = [TurnCondition.EntryAbsent(Space, "k")],
            }
        );
        TurnCondition[] hold =
        [
            TurnCondition.EntryExists(Space, "k"),
            HasOne,
            TurnCondition.EntryAbsent(Space, "K"),
            TurnCondition.MessageAbsent("M"),
        ];
        TurnCondition[] fail =
        [
            TurnCondition.EntryExists(Space, "K"),
            TurnCondition.EntryExists("t", "k"),
            TurnCondition.EntryAbsent(Space, "k"),
            HasOne with
            {
                Value = """{"b":[2,1],"a":"x"}""",
            },
            HasOne with
            {
                Key = "K",
            },
            TurnCondition.MessageAbsent("m"),
        ];

        foreach (TurnCondition condition in fail)
        {
            var failure = await Assert.ThrowsAsync<ConditionFailedException>(() =>
                conversation.CommitAsync(Writing("no", Set("new", "1")) with { Messages = [Good], Conditions = [.. hold, condition] })
            );
            Assert.Equal([4], failure.Failed.AsEnumerable());
            Assert.StartsWith("conditions[4] does not hold", failure.Message, StringComparison.Ordinal);
        }

        var all = await Assert.ThrowsAsync<ConditionFailedException>(() =>
            conversation.CommitAsync(Messages.Turn("no", Good) with { Conditions = [fail[0], .. hold, fail[5]] })
        );
        Assert.Equal([0, 5], all.Failed.AsEnumerable());
        ConversationSnapshot snapshot = (await conversation.GetSnapshotAsync())!;
        Assert.Equal((1, 1, 1), (snapshot.Head.Version, snapshot.Head.LastSequence, snapshot.Entries.Length));
        Assert.Equal(2, (await conversation.CommitAsync(Messages.Turn("no", Good) with { Conditions = [.. hold] })).Version);
    }

    [Fact]
    public async Task Where_there_is_no_conversation_nothing_exists()
    {
        IConversationGrain conversation = NewConversation();
        Turn turn = Messages.Turn("t", Good with { Id = "m" });

        await Assert.ThrowsAsync<ConditionFailedException>(() =>
            conversation.CommitAsync(turn with { Conditions = [TurnCondition.EntryExists(Space, "k")] })
        );
        Assert.Null(await conversation.GetHeadAsync());

        TurnReceipt receipt = await conversation.CommitAsync(
            turn with
            {
                Conditions = [TurnCondition.EntryAbsent(Space, "k"), TurnCondition.MessageAbsent("m")],
            }
        );
        Assert.Equal(1, receipt.Version);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_turn_that_comes_again_has_its_receipt_though_its_own_changes_fail_its_conditions(bool forgotten)
    {
        IConversationGrain conversation = NewConversation();
        Turn turn = Writing("t", Set("k", "1")) with
        {
            Messages = [Good with { Id = "m" }],
            Conditions = [TurnCondition.EntryAbsent(Space, "k"), TurnCondition.MessageAbsent("m")],
        };
        await conversation.CommitAsync(turn);
        if (forgotten)
        {
            await conversation.RefreshAsync();
        }

        Assert.True((await conversation.CommitAsync(turn)).Replayed);
        await Assert.ThrowsAsync<TurnConflictException>(() =>
            conversation.CommitAsync(turn with { Conditions = [TurnCondition.MessageAbsent("m")] })
        );
        await Assert.ThrowsAsync<TurnConflictException>(() => conversation.CommitAsync(turn with { Conditions = [] }));
        await Assert.ThrowsAsync<ConditionFailedException>(() => conversation.CommitAsync(turn with { TurnId = "other" }));
    }

    [Fact]
    public async Task What_is_on_its_way_counts()
    {
        IConversationGrain conversation = NewConversation();
        Task<TurnReceipt>[] adds =
        [
            .. Enumerable
                .Range(0, 200)
                .Select(i =>
                    conversation.CommitAsync(
                        Messages.Turn($"t{i}", Good with { Id = $"m{i % 20}" }) with
                        {
                            Conditions = [TurnCondition.MessageAbsent($"m{i % 20}")],
                        }
                    )
                ),
        ];
        Task<TurnReceipt>[] counts =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(i =>
                    conversation.CommitAsync(
                        Writing($"c{i}", Set("first", $"{i}")) with
                        {
                            Conditions = [TurnCondition.EntryAbsent(Space, "first")],
                        }
                    )
                ),
        ];

        foreach (Task<TurnReceipt> task in adds.Concat(counts))
        {
            await Task.WhenAny(task);
            Assert.True(
                task.IsCompletedSuccessfully || task.Exception!.InnerException is ConditionFailedException,
                task.Exception?.ToString()
            );
        }

        Assert.Equal(20, adds.Count(task => task.IsCompletedSuccessfully));
        Assert.Equal(1, counts.Count(task => task.IsCompletedSuccessfully));
        List<Message> stored = await AllAsync(conversation);
        Assert.Equal(20, stored.Count);
        Assert.Equal(20, stored.Select(message => message.Id).Distinct().Count());
    }

    [Fact]
    public async Task An_id_is_found_far_behind_the_tail_and_in_the_parents_of_a_fork_and_not_where_it_was_dropped()
    {
        IConversationGrain parent = NewConversation();
        await parent.CommitAsync(Messages.Turn("1", [.. Enumerable.Range(1, 3_000).Select(i => Good with { Id = $"m{i}" })]));
        string[] ids = [NewId(), NewId()];
        await parent.ForkAsync(new ForkRequest { NewId = ids[0], AtSequence = 2_000 });
        await Host.Conversation(ids[0], "tests")
            .CommitAsync(Messages.Turn("1", [.. Enumerable.Range(1, 1_500).Select(i => Good with { Id = $"child{i}" })]));
        await Host.Conversation(ids[0], "tests").ForkAsync(new ForkRequest { NewId = ids[1], AtSequence = 2_001 });
        IConversationGrain grandchild = Host.Conversation(ids[1], "tests");

        Assert.Equal(["m1", "m3000"], await StoredAsync(parent, "m1", "m3000", "m3001"));
        await parent.RefreshAsync();
        Assert.Equal(["m1", "m3000"], await StoredAsync(parent, "m1", "m3000", "m3001"));
        Assert.Equal(
            ["m1", "m2000", "child1", "child1500"],
            await StoredAsync(Host.Conversation(ids[0], "tests"), "m1", "m2000", "m2001", "child1", "child1500")
        );
        Assert.Equal(["m1", "m2000", "child1"], await StoredAsync(grandchild, "m1", "m2000", "m2001", "child1", "child2"));

        await parent.CommitAsync(new Turn { TurnId = "cut", KeepLast = 1_500 });
        Assert.Equal(["m1501"], await StoredAsync(parent, "m1", "m1500", "m1501"));
        await parent.CommitAsync(new Turn { TurnId = "clear", KeepLast = 0 });
        Assert.Empty(await StoredAsync(parent, "m1", "m1501", "m3000"));
        Assert.Equal(["m1"], await StoredAsync(grandchild, "m1", "child2"));
    }

    [Fact]
    public async Task An_entry_that_has_expired_is_absent()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Writing("1", Set("k", "1", TimeSpan.FromSeconds(10))));
        Clock.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<ConditionFailedException>(() =>
            conversation.CommitAsync(Messages.Turn("2", Good) with { Conditions = [TurnCondition.EntryHasValue(Space, "k", "1")] })
        );
        await conversation.CommitAsync(Messages.Turn("3", Good) with { Conditions = [TurnCondition.EntryAbsent(Space, "k")] });
    }

    /// <summary>Which of some ids a conversation holds, as its conditions tell. Nothing is written.</summary>
    private static async Task<IEnumerable<string>> StoredAsync(IConversationGrain conversation, params string[] ids)
    {
        // The last condition never holds, so that none of these turns is committed.
        var failure = await Assert.ThrowsAsync<ConditionFailedException>(() =>
            conversation.CommitAsync(
                Messages.Turn(Guid.NewGuid().ToString("N"), Good) with
                {
                    Conditions = [.. ids.Select(TurnCondition.MessageAbsent), TurnCondition.EntryExists("never", "there")],
                }
            )
        );
        return failure.Failed.Where(place => place < ids.Length).Select(place => ids[place]);
    }
}
