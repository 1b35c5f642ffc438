using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Entries are set, replaced and removed with their turn, and kept as given.
public abstract partial class ConversationTurnContract
{
    [Fact]
    public async Task Entry_that_is_set_again_has_the_new_value_and_the_new_expiry()
    {
        WrittenConversation conversation = await OpenAsync("set-again");
        var entry = new Entry
        {
            Space = "s",
            Key = "k",
            Value = "1",
            ExpiresAt = WrittenConversation.Start.AddHours(1),
        };

        await WriteAsync(conversation, conversation.Turn("1") with { EntryWrites = [entry] });
        await WriteAsync(conversation, conversation.Turn("2") with { EntryWrites = [entry with { Value = "2", ExpiresAt = null }] });
        Assert.Equal([entry with { Value = "2", ExpiresAt = null }], (await LoadAsync(conversation.Key)).Entries.AsEnumerable());

        await WriteAsync(conversation, conversation.Turn("3") with { EntryWrites = [entry] });
        Assert.Equal([entry], (await LoadAsync(conversation.Key)).Entries.AsEnumerable());
    }

    [Fact]
    public async Task Removing_an_entry_leaves_its_neighbours_and_removing_none_is_no_error()
    {
        WrittenConversation conversation = await OpenAsync("removed");
        Entry[] entries = [NewEntry("a", "k"), NewEntry("a", "l"), NewEntry("b", "k")];
        await WriteAsync(conversation, conversation.Turn("1") with { EntryWrites = [.. entries] });

        await WriteAsync(
            conversation,
            conversation.Turn("2") with
            {
                EntryDeletes = [new EntryName("a", "k"), new EntryName("none", "none")],
            }
        );

        Assert.Equal(entries[1..], (await LoadAsync(conversation.Key)).Entries.AsEnumerable());
        await WriteAsync(
            conversation,
            conversation.Turn("3") with
            {
                EntryWrites = [entries[0]],
                EntryDeletes = [new EntryName("b", "k")],
            }
        );
        Assert.Equal(entries[..2], (await LoadAsync(conversation.Key)).Entries.AsEnumerable());
    }

    [Fact]
    public async Task Expired_entries_are_returned_and_left_to_the_caller()
    {
        WrittenConversation conversation = await OpenAsync("over");
        var entry = new Entry
        {
            Space = "s",
            Key = "k",
            Value = "1",
            ExpiresAt = WrittenConversation.Start.AddYears(-1),
        };

        await WriteAsync(conversation, conversation.Turn("1") with { EntryWrites = [entry] });
        await SweepAllAsync();

        Assert.Equal([entry], (await LoadAsync(conversation.Key)).Entries.AsEnumerable());
    }

    [Fact]
    public async Task Entries_come_ordered_by_space_and_key_by_code_point()
    {
        string[] names = ["", " ", "A", "B", "Z", "_", "a", "aa", "b", "é", "\ud7ff", "\ue000", "\uffff", "😀", "😀a", "\U0010ffff"];
        WrittenConversation conversation = await OpenAsync("ordered");
        Entry[] entries = [.. names.SelectMany(space => names.Select(key => NewEntry(space, key)))];
        Entry[] shuffled = [.. entries];
        new Random(1).Shuffle(shuffled);

        await WriteAsync(conversation, conversation.Turn("1") with { EntryWrites = [.. shuffled] });

        Assert.Equal(entries, (await LoadAsync(conversation.Key)).Entries.AsEnumerable());
    }

    [Fact]
    public async Task Many_entries_are_set_and_removed_in_one_turn()
    {
        WrittenConversation conversation = await OpenAsync("many");
        Entry[] entries =
        [
            .. Enumerable
                .Range(0, 2_000)
                .Select(i => new Entry
                {
                    Space = "s",
                    Key = $"{i:d5}",
                    Value = $"{i}",
                }),
        ];

        await WriteAsync(conversation, conversation.Turn("1") with { EntryWrites = [.. entries] });
        Assert.Equal(entries, (await LoadAsync(conversation.Key)).Entries.AsEnumerable());

        await WriteAsync(
            conversation,
            conversation.Turn("2") with
            {
                EntryDeletes = [.. entries[..1_999].Select(entry => new EntryName("s", entry.Key))],
            }
        );
        Assert.Equal(entries[1_999..], (await LoadAsync(conversation.Key)).Entries.AsEnumerable());
    }

    private static Entry NewEntry(string space, string key) =>
        new()
        {
            Space = space,
            Key = key,
            Value = "1",
        };
}
