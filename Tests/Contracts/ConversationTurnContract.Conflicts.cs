using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Of those who expect the same version one wins; the others write nothing.
public abstract partial class ConversationTurnContract
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Turn_with_another_expected_version_is_lost_and_stores_nothing(long expected)
    {
        WrittenConversation conversation = await WriteNewAsync("stale", turns: 3);
        StoredConversation before = await LoadAsync(conversation.Key);

        CommitResult result = await Store.CommitAsync(Everything(conversation) with { ExpectedVersion = expected }, None);

        Assert.Equal(new CommitResult(CommitStatus.Lost, null), result);
        await AssertUnchangedAsync(before);
        Assert.Null(await Store.FindTurnAsync(conversation.StoreId, "everything", None));
    }

    [Fact]
    public async Task Turn_on_a_life_that_nobody_started_is_lost()
    {
        WrittenConversation conversation = await OpenAsync("unstarted");

        CommitResult result = await Store.CommitAsync(conversation.Turn("late", "text") with { ExpectedVersion = 1 }, None);

        Assert.Equal(CommitStatus.Lost, result.Status);
        Assert.Null((await LoadAsync(conversation.Key)).Head);
    }

    [Fact]
    public async Task Of_two_first_turns_one_starts_the_life_and_the_other_is_lost()
    {
        WrittenConversation[] writers = [await OpenAsync("first"), await OpenAsync("first")];

        CommitResult[] results = await Task.WhenAll(
            writers.Select((writer, i) => Store.CommitAsync(writer.Turn($"first-{i}", $"from {i}"), None))
        );

        int winner = Assert.Single(Enumerable.Range(0, 2), i => results[i].Status == CommitStatus.Committed);
        Assert.Equal(new CommitResult(CommitStatus.Lost, null), results[1 - winner]);
        StoredConversation stored = await LoadAsync(Key("first"));
        Assert.Equal(writers[winner].StoreId, stored.StoreId);
        Assert.Equal(writers[winner].Turn("any", $"from {winner}").Messages[0].Message, Assert.Single(stored.Tail));
    }

    [Fact]
    public async Task Of_many_turns_that_expect_one_version_exactly_one_is_written()
    {
        WrittenConversation conversation = await WriteNewAsync("crowd", turns: 1);

        CommitResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(i => Task.Run(() => Store.CommitAsync(conversation.Turn($"crowd-turn-{i}", $"from {i}"), None)))
        );

        int winner = Assert.Single(Enumerable.Range(0, 32), i => results[i].Status == CommitStatus.Committed);
        Assert.All(results.Where((_, i) => i != winner), result => Assert.Equal(new CommitResult(CommitStatus.Lost, null), result));
        StoredConversation stored = await LoadAsync(conversation.Key);
        Assert.Equal(2, stored.Head!.Version);
        Assert.Equal([1, 2], stored.Tail.Select(message => message.Sequence));
        Assert.Contains($"from {winner}", stored.Tail[1].Contents, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Writers_who_retry_what_they_lose_write_every_turn_once_and_without_gaps(int seed)
    {
        const int writers = 6;
        const int turnsEach = 15;
        string[] ids = ["busy-a", "busy-b", "busy-c"];

        await Task.WhenAll(
            Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAllAsync(writer, new Random((seed * 100) + writer)), None))
        );

        long total = 0;
        var texts = new List<string>();
        foreach (string id in ids)
        {
            StoredConversation stored = await LoadAsync(Key(id));
            total += stored.Head!.Version;
            Assert.Equal(Range(1, stored.Head.LastSequence), stored.Tail.Select(message => message.Sequence));
            Assert.Equal(stored.Head.LastSequence, stored.Tail.Length);
            texts.AddRange(stored.Tail.Select(message => message.Author!));
        }

        Assert.Equal(writers * turnsEach, total);
        IEnumerable<string> names = Enumerable
            .Range(0, writers)
            .SelectMany(writer => Enumerable.Range(0, turnsEach).Select(turn => $"{writer}-{turn}"));
        Assert.Equal(names.Order(), texts.Distinct().Order());
        Assert.All(texts.GroupBy(text => text), group => Assert.Equal(int.Parse(group.Key.Split('-')[1]) % 3 + 1, group.Count()));

        async Task WriteAllAsync(int writer, Random random)
        {
            for (int turn = 0; turn < turnsEach; turn++)
            {
                string id = ids[random.Next(ids.Length)];
                CommitResult result;
                do
                {
                    WrittenConversation conversation = await OpenAsync(id);
                    for (int pauses = random.Next(4); pauses > 0; pauses--)
                    {
                        await Task.Yield();
                    }

                    // A turn of one to three messages, all signed with its name.
                    string name = $"{writer}-{turn}";
                    TurnCommit commit = conversation.Turn(
                        name,
                        [
                            .. Enumerable
                                .Range(1, (turn % 3) + 1)
                                .Select(i =>
                                    WrittenConversation.Sized(
                                        WrittenConversation.Row(conversation.LastSequence + i, "text").Message with
                                        {
                                            Author = name,
                                        }
                                    )
                                ),
                        ]
                    );
                    result = await Store.CommitAsync(commit, None);
                } while (result.Status == CommitStatus.Lost);

                Assert.Equal(CommitStatus.Committed, result.Status);
            }
        }
    }

    [Fact]
    public async Task Turn_to_a_life_that_was_deleted_is_lost()
    {
        WrittenConversation conversation = await WriteNewAsync("gone", turns: 2);
        await Store.DeleteAsync(conversation.Key, conversation.Now, None);

        CommitResult result = await Store.CommitAsync(conversation.Turn("too-late", "text"), None);

        Assert.Equal(new CommitResult(CommitStatus.Lost, null), result);
        Assert.Null((await LoadAsync(conversation.Key)).Head);
    }
}
