using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

public abstract partial class ConversationLifeContract
{
    [Fact]
    public async Task Sweep_removes_entries_that_are_due_and_their_conversation_goes_on()
    {
        await ExpireAllAsync();
        WrittenConversation conversation = await OpenAsync("keyed");
        Entry[] entries =
        [
            new()
            {
                Space = "s",
                Key = "due",
                Value = "1",
                ExpiresAt = Due,
            },
            new()
            {
                Space = "s",
                Key = "later",
                Value = "2",
                ExpiresAt = Due + Tick,
            },
            new()
            {
                Space = "s",
                Key = "lasting",
                Value = "3",
            },
            new()
            {
                Space = "s",
                Key = "renewed",
                Value = "4",
                ExpiresAt = Due,
            },
        ];
        await WriteAsync(conversation, conversation.Turn("sets") with { EntryWrites = [.. entries] });
        await WriteAsync(conversation, conversation.Turn("renews") with { EntryWrites = [entries[3] with { ExpiresAt = Due.AddDays(1) }] });

        Assert.Equal(new ExpirySweepResult(0, 0, 1, More: false), await SweepAtAsync(Due));
        StoredConversation swept = await LoadAsync(conversation.Key);
        Assert.Equal(["lasting", "later", "renewed"], swept.Entries.Select(entry => entry.Key));
        Assert.Equal(2, swept.Head!.Version);

        // An activation that still holds it removes it, or sets it again, as if it were there.
        await WriteAsync(conversation, conversation.Turn("removes") with { EntryDeletes = [new EntryName("s", "due")] });
        await WriteAsync(conversation, conversation.Turn("sets-again") with { EntryWrites = [entries[0] with { ExpiresAt = null }] });
        Assert.Equal(4, (await LoadAsync(conversation.Key)).Entries.Length);
    }

    [Fact]
    public async Task Sweep_of_entries_keeps_to_its_limit()
    {
        await ExpireAllAsync();
        WrittenConversation conversation = await OpenAsync("many");
        ImmutableArray<Entry> entries =
        [
            .. Enumerable
                .Range(0, 5)
                .Select(i => new Entry
                {
                    Space = "s",
                    Key = $"{i}",
                    Value = "1",
                    ExpiresAt = Due,
                }),
        ];
        await WriteAsync(conversation, conversation.Turn("sets") with { EntryWrites = entries });

        Assert.Equal(new ExpirySweepResult(0, 0, 3, More: true), await Store.SweepExpiredAsync(new ExpirySweep(Due, WholeWheel, 3), None));
        Assert.Equal(new ExpirySweepResult(0, 0, 2, More: false), await Store.SweepExpiredAsync(new ExpirySweep(Due, WholeWheel, 3), None));
    }
}
