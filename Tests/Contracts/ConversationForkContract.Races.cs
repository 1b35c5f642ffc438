using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// What happens at the same time happens as if one had come after the other.
public abstract partial class ConversationForkContract
{
    [Fact]
    public async Task Fork_that_races_with_turns_is_of_one_version_or_lost()
    {
        for (int round = 0; round < Rounds; round++)
        {
            WrittenConversation parent = await OpenAsync($"parent-{round}");
            await WriteAsync(parent, Counted(parent));
            ForkCommit fork = parent.Fork(Key($"child-{round}"), 1);

            Task turns = Task.Run(async () =>
            {
                for (int i = 0; i < 3; i++)
                {
                    await WriteAsync(parent, Counted(parent));
                }
            });
            ForkResult result = await Task.Run(() => Store.ForkAsync(fork, None));
            await turns;

            StoredConversation child = await LoadAsync(fork.Target);
            Assert.Equal(result.Status == ForkStatus.Created, child.Head is not null);
            if (child.Head is not null)
            {
                Assert.Equal("1", Assert.Single(child.Entries).Value);
                AssertSequences([1], child.Tail.Select(message => message.Sequence));
            }
        }

        static TurnCommit Counted(WrittenConversation conversation) =>
            conversation.Turn($"turn-{conversation.Version}", "text") with
            {
                EntryWrites =
                [
                    new Entry
                    {
                        Space = "s",
                        Key = "version",
                        Value = $"{conversation.Version + 1}",
                    },
                ],
            };
    }

    [Fact]
    public async Task Fork_that_races_with_the_deletion_of_its_parent_is_lost_or_cut()
    {
        for (int round = 0; round < Rounds; round++)
        {
            WrittenConversation parent = await WriteNewAsync($"parent-{round}", turns: 2);

            Task<ForkResult> fork = Task.Run(() => Store.ForkAsync(parent.Fork(Key($"child-{round}"), 2), None));
            DeleteResult deleted = await Task.Run(() => Store.CutAsync(parent.Key, parent.Now, None));

            await AssertLostOrCutAsync(await fork, Key($"child-{round}"), deleted, firstOwn: 3);
        }
    }

    [Fact]
    public async Task Fork_of_a_fork_that_races_with_the_deletion_of_the_first_parent_is_lost_or_cut()
    {
        for (int round = 0; round < Rounds; round++)
        {
            WrittenConversation root = await WriteNewAsync($"root-{round}", turns: 2);
            await Store.ForkAsync(root.Fork(Key($"child-{round}"), 2), None);
            WrittenConversation child = await OpenAsync($"child-{round}");
            await WriteAsync(child, child.Turn("child-turn", "three"));

            Task<ForkResult> fork = Task.Run(() => Store.ForkAsync(child.Fork(Key($"grandchild-{round}"), 3), None));
            DeleteResult deleted = await Task.Run(() => Store.CutAsync(root.Key, root.Now, None));

            await AssertLostOrCutAsync(await fork, Key($"grandchild-{round}"), deleted, firstOwn: 3);
        }
    }

    [Fact]
    public async Task Turns_that_race_with_a_deletion_are_deleted_or_lost()
    {
        for (int round = 0; round < Rounds; round++)
        {
            WrittenConversation conversation = await WriteNewAsync($"deleted-{round}", turns: 1);
            Task<CommitResult> turn = Task.Run(() => Store.CommitAsync(conversation.Turn("last-turn", "text"), None));

            DeleteResult deleted = await Task.Run(() => Store.CutAsync(conversation.Key, conversation.Now, None));

            bool committed = (await turn).Status == CommitStatus.Committed;
            Assert.Equal(committed ? 2 : 1, deleted.Receipt.Messages);
            Assert.Null((await LoadAsync(conversation.Key)).Head);
            Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, conversation.StoreId), All()));
        }
    }

    [Fact]
    public async Task Loads_that_race_with_turns_see_each_turn_whole()
    {
        WrittenConversation conversation = await OpenAsync("watched");
        using var written = new CancellationTokenSource();
        Task[] watchers =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (!written.IsCancellationRequested)
                        {
                            StoredConversation seen = await LoadAsync(conversation.Key);
                            if (seen.Head is { } head)
                            {
                                Assert.Equal(2 * head.Version, head.LastSequence);
                                Assert.Equal(Range(1, head.LastSequence), seen.Tail.Select(message => message.Sequence));
                                Assert.Equal($"{head.Version}", Assert.Single(seen.Entries).Value);
                                Assert.Equal($"{head.Version}", head.Settings.Title);
                            }
                        }
                    })
                ),
        ];

        for (int version = 1; version <= 100; version++)
        {
            await WriteAsync(
                conversation,
                conversation.Turn($"watched-{version}", "one", "two") with
                {
                    EntryWrites =
                    [
                        new Entry
                        {
                            Space = "s",
                            Key = "version",
                            Value = $"{version}",
                        },
                    ],
                    Settings = new ConversationSettings { Title = $"{version}" },
                }
            );
        }

        await written.CancelAsync();
        await Task.WhenAll(watchers);
    }

    private async Task AssertLostOrCutAsync(ForkResult result, ConversationKey key, DeleteResult deleted, long firstOwn)
    {
        StoredConversation fork = await LoadAsync(key);
        Assert.Equal(result.Status == ForkStatus.Created, fork.Head is not null);
        if (fork.Head is { } head)
        {
            Assert.Equal(firstOwn, head.FirstSequence);
            Assert.Contains(key, deleted.CutForks);
            Assert.Equal(Range(head.FirstSequence, head.LastSequence), fork.Tail.Select(message => message.Sequence));
        }
    }
}
