using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// A truncating turn raises the first sequence at once; the rows go with a sweep, unless a fork shares them.
public abstract partial class ConversationTurnContract
{
    [Fact]
    public async Task Truncating_turn_raises_the_first_sequence_and_the_tail_starts_there()
    {
        WrittenConversation conversation = await WriteNewAsync("cut", turns: 5);

        await WriteAsync(conversation, conversation.Truncation("cut-turn", keepLast: 2));

        StoredConversation stored = await LoadAsync(conversation.Key);
        Assert.Equal((6, 4, 5, 2), (stored.Head!.Version, stored.Head.FirstSequence, stored.Head.LastSequence, stored.Head.MessageCount));
        Assert.Equal([4, 5], stored.Tail.Select(message => message.Sequence));
    }

    [Fact]
    public async Task Cleared_log_is_empty_and_sequences_go_on_where_they_were()
    {
        WrittenConversation conversation = await WriteNewAsync("cleared", turns: 3);

        await WriteAsync(conversation, conversation.Truncation("clear", keepLast: 0));
        StoredConversation cleared = await LoadAsync(conversation.Key);
        await WriteAsync(conversation, conversation.Turn("after", "four"));

        Assert.Equal((4, 3, 0), (cleared.Head!.FirstSequence, cleared.Head.LastSequence, cleared.Head.MessageCount));
        Assert.Empty(cleared.Tail);
        Assert.Equal([4], (await LoadAsync(conversation.Key)).Tail.Select(message => message.Sequence));
    }

    [Fact]
    public async Task Turn_truncates_and_appends_in_one()
    {
        WrittenConversation conversation = await WriteNewAsync("both", turns: 3);

        TurnCommit commit = conversation.Turn("both-turn", "four", "five") with { FirstSequence = 3, Truncates = true };
        await WriteAsync(conversation, commit);

        Assert.Equal([3, 4, 5], (await LoadAsync(conversation.Key)).Tail.Select(message => message.Sequence));
    }

    [Fact]
    public async Task Truncated_messages_are_gone_after_a_sweep_and_the_others_are_not()
    {
        await SweepAllAsync();
        WrittenConversation conversation = await WriteNewAsync("swept", turns: 6);
        await WriteAsync(conversation, conversation.Truncation("swept-turn-1", keepLast: 4));
        await WriteAsync(conversation, conversation.Truncation("swept-turn-2", keepLast: 2));
        Lineage raw = Lineage.Own(Tenant, conversation.StoreId);

        SweepResult swept = await Store.SweepAsync(new Sweep(default, default, 100), None);

        Assert.Equal(new SweepResult(0, 0, 4, 0), swept);
        AssertSequences([5, 6], await ReadSequencesAsync(raw, All()));
        Assert.Equal([5, 6], (await LoadAsync(conversation.Key)).Tail.Select(message => message.Sequence));
        Assert.Equal(default, await Store.SweepAsync(new Sweep(default, default, 100), None));
        await WriteAsync(conversation, conversation.Turn("swept-after", "seven"));
        AssertSequences([5, 6, 7], await ReadSequencesAsync(raw, All()));
    }

    [Fact]
    public async Task Sweep_of_truncated_messages_keeps_to_its_limit_and_goes_on_where_it_stopped()
    {
        await SweepAllAsync();
        WrittenConversation one = await WriteNewAsync("bounded-1", turns: 5);
        WrittenConversation two = await WriteNewAsync("bounded-2", turns: 5);
        await WriteAsync(one, one.Truncation("clear", keepLast: 0));
        await WriteAsync(two, two.Truncation("clear", keepLast: 1));

        var removed = new List<int>();
        SweepResult swept;
        while ((swept = await Store.SweepAsync(new Sweep(default, default, 4), None)).Messages > 0)
        {
            removed.Add(swept.Messages);
        }

        Assert.Equal([4, 4, 1], removed);
        Assert.Empty(await ReadSequencesAsync(Lineage.Own(Tenant, one.StoreId), All()));
        AssertSequences([5], await ReadSequencesAsync(Lineage.Own(Tenant, two.StoreId), All()));
    }

    [Fact]
    public async Task Truncated_messages_that_a_fork_shares_stay_until_the_fork_is_gone()
    {
        await SweepAllAsync();
        WrittenConversation conversation = await WriteNewAsync("parent", turns: 4);
        await Store.ForkAsync(conversation.Fork(Key("fork"), 3), None);
        await WriteAsync(conversation, conversation.Truncation("clear", keepLast: 0));

        SweepResult shared = await Store.SweepAsync(new Sweep(default, default, 100), None);

        Assert.Equal(0, shared.Messages);
        StoredConversation fork = await LoadAsync(Key("fork"));
        Assert.Equal([1, 2, 3], fork.Tail.Select(message => message.Sequence));
        AssertSequences([1, 2, 3], await ReadSequencesAsync(fork.Lineage, All()));

        await Store.DeleteAsync(Key("fork"), WrittenConversation.Start, None);
        Assert.Equal(4, (await Store.SweepAsync(new Sweep(default, default, 100), None)).Messages);
    }

    [Fact]
    public async Task Sweep_forgets_turn_ids_up_to_its_limit_the_oldest_first()
    {
        await SweepAllAsync();
        WrittenConversation conversation = await WriteNewAsync("journal", turns: 5);

        SweepResult swept = await Store.SweepAsync(new Sweep(WrittenConversation.Start.AddMinutes(4), default, 3), None);

        Assert.Equal(3, swept.Turns);
        Assert.Null(await Store.FindTurnAsync(conversation.StoreId, "journal-3", None));
        Assert.NotNull(await Store.FindTurnAsync(conversation.StoreId, "journal-4", None));
        Assert.Equal(1, (await Store.SweepAsync(new Sweep(WrittenConversation.Start.AddMinutes(4), default, 3), None)).Turns);
        Assert.NotNull(await Store.FindTurnAsync(conversation.StoreId, "journal-5", None));
    }
}
