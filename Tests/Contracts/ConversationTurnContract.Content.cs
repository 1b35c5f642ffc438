using System.Text;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// What is stored comes back to the last character.
public abstract partial class ConversationTurnContract
{
    [Theory]
    [InlineData("""[{"$type":"text","text":"a zero: \u0000 and \u0000 again"}]""")]
    [InlineData("""[{"$type":"text","text":"half pairs: \ud800 \udfff \ud83d"}]""")]
    [InlineData("""[{"$type":"text","text":"escaped pair \ud83d\ude00 and plain 😀 𝔘𝔫𝔦 漢字 é é"}]""")]
    [InlineData("""[{"$type":"text","text":"\u2028\u2029\u0085\ufeff\uffff \/ \\ \" \t"}]""")]
    [InlineData("""[]""")]
    [InlineData("""[ { "$type" : "text" , "text" : "" } , {"$type":"data","uri":"data:;base64,AA=="} ]""")]
    [InlineData("""[{"n":1.0,"m":1e400,"d":0.10,"z":-0,"n":2}]""")]
    public async Task Json_comes_back_as_it_was_written(string json)
    {
        WrittenConversation conversation = await OpenAsync("json");
        Message message = WrittenConversation.Row(1, "").Message with { Contents = json, Metadata = $$"""{"m":{{json}}}""" };
        TurnCommit commit = conversation.Turn("json-turn", [WrittenConversation.Sized(message)]) with
        {
            EntryWrites =
            [
                new Entry
                {
                    Space = "s",
                    Key = "k",
                    Value = json,
                },
            ],
        };

        await WriteAsync(conversation, commit);

        StoredConversation stored = await LoadAsync(conversation.Key);
        Assert.Equal(message, Assert.Single(stored.Tail));
        Assert.Equal(json, Assert.Single(stored.Entries).Value);
        Assert.Equal(message, Assert.Single(await Store.ReadMessagesAsync(stored.Lineage, All(), None)));
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(5_000_000)]
    public async Task Message_of_megabytes_comes_back_as_it_was_written(int characters)
    {
        var random = new Random(characters);
        var text = new StringBuilder(characters);
        while (text.Length < characters)
        {
            text.Append((char)random.Next('a', 'z' + 1)).Append(random.Next(50) == 0 ? "漢😀" : "");
        }

        WrittenConversation conversation = await WriteNewAsync("large", turns: 1);
        await WriteAsync(
            conversation,
            conversation.Turn("large-turn", text.ToString()) with
            {
                EntryWrites =
                [
                    new Entry
                    {
                        Space = "s",
                        Key = "large",
                        Value = $"\"{text}\"",
                    },
                ],
            }
        );

        StoredConversation stored = await LoadAsync(conversation.Key);
        Assert.Equal(WrittenConversation.Row(2, text.ToString()).Message, stored.Tail[1]);
        Assert.Equal(text.Length + 2, Assert.Single(stored.Entries).Value.Length);
    }

    [Theory]
    [InlineData("0")]
    [InlineData(".-_~:@+=|,;!$*()")]
    [InlineData("select;drop--$1:name@x")]
    [InlineData("NULL")]
    public async Task Unusual_ids_are_ids_like_others(string id)
    {
        WrittenConversation conversation = await WriteNewAsync(id, turns: 1);
        Assert.Equal(id, (await LoadAsync(conversation.Key)).Head!.Key.Id);

        ForkResult fork = await Store.ForkAsync(conversation.Fork(Key("fork-of-it"), 1), None);
        Assert.Equal(id, fork.Head!.Origin!.Id);
        Assert.Null((await LoadAsync(Key(id + "x"))).Head);
    }

    [Fact]
    public async Task Longest_key_and_keys_that_differ_in_case_only_are_keys_like_others()
    {
        string longest = new('i', ConversationKey.MaxIdLength);
        WrittenConversation conversation = await WriteNewAsync(longest, turns: 1);
        Assert.Equal(1, (await LoadAsync(conversation.Key)).Head!.Version);

        await WriteNewAsync("case", turns: 1);
        Assert.Null((await LoadAsync(Key("CASE"))).Head);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("'; drop table message; --")]
    [InlineData("{},\"NULL\",\\")]
    [InlineData("\t\r\n\u0001\u007f")]
    [InlineData("漢字 😀 é")]
    public async Task Unusual_text_is_text_like_other_text(string text)
    {
        WrittenConversation conversation = await OpenAsync("text");
        Message message = WrittenConversation.Row(1, text).Message with { Id = text, Author = text };
        var settings = new ConversationSettings
        {
            UserId = text,
            AgentId = text,
            Title = text,
        };
        var entry = new Entry
        {
            Space = text,
            Key = text,
            Value = "null",
        };

        await WriteAsync(
            conversation,
            conversation.Turn(text, [WrittenConversation.Sized(message)]) with
            {
                Settings = settings,
                EntryWrites = [entry],
            }
        );

        StoredConversation stored = await LoadAsync(conversation.Key);
        Assert.Equal(message, Assert.Single(stored.Tail));
        Assert.Equal(settings, stored.Head!.Settings);
        Assert.Equal(entry, Assert.Single(stored.Entries));
        Assert.NotNull(await Store.FindTurnAsync(stored.StoreId, text, None));
        await WriteAsync(conversation, conversation.Turn("remove") with { EntryDeletes = [new EntryName(text, text)] });
        Assert.Empty((await LoadAsync(conversation.Key)).Entries);
    }

    [Fact]
    public async Task Empty_author_and_title_are_not_missing_ones()
    {
        WrittenConversation conversation = await OpenAsync("empty");
        Message message = WrittenConversation.Row(1, "").Message with { Id = "", Author = "" };

        await WriteAsync(
            conversation,
            conversation.Turn("empty-turn", [WrittenConversation.Sized(message)]) with
            {
                Settings = new() { Title = "" },
            }
        );

        StoredConversation stored = await LoadAsync(conversation.Key);
        Assert.Equal("", stored.Tail[0].Author);
        Assert.Equal("", stored.Head!.Settings.Title);
        Assert.Null(stored.Head.Settings.UserId);
    }

    [Theory]
    [InlineData("2026-02-28T23:59:59.999999Z")]
    [InlineData("1970-01-01T00:00:00.000001Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999999Z")]
    public async Task Instants_keep_their_microseconds_and_come_back_in_utc(string text)
    {
        DateTimeOffset instant = DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        WrittenConversation conversation = await OpenAsync("instants");
        Message message = WrittenConversation.Row(1, "text").Message with { Created = instant };

        await WriteAsync(
            conversation,
            conversation.Turn("instants-turn", [WrittenConversation.Sized(message)]) with
            {
                At = instant,
                ExpiresAt = instant,
                EntryWrites =
                [
                    new Entry
                    {
                        Space = "s",
                        Key = "k",
                        Value = "1",
                        ExpiresAt = instant,
                    },
                ],
            }
        );

        StoredConversation stored = await LoadAsync(conversation.Key);
        DateTimeOffset[] instants =
        [
            stored.Tail[0].Created,
            stored.Head!.CreatedAt,
            stored.Head.UpdatedAt,
            stored.Head.ExpiresAt!.Value,
            stored.Entries[0].ExpiresAt!.Value,
        ];
        Assert.All(instants, read => Assert.Equal((instant, TimeSpan.Zero), (read, read.Offset)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(36_500L * 24 * 60 * 60 * 10_000_000)]
    public async Task Times_to_live_of_a_microsecond_to_a_hundred_years_come_back(long ticks)
    {
        var settings = new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.FromTicks(ticks) } };
        WrittenConversation conversation = await OpenAsync("ttl");

        await WriteAsync(conversation, conversation.Turn("ttl-turn") with { Settings = settings });

        Assert.Equal(settings, (await LoadAsync(conversation.Key)).Head!.Settings);
    }
}
