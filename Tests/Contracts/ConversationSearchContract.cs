using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Text;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>Messages are found by what they say, at once and only where they may be seen.</summary>
public abstract partial class ConversationSearchContract(StoreFixture fixture) : ConversationStoreContract(fixture)
{
    [Fact]
    public async Task Search_finds_what_was_just_written_newest_first()
    {
        WrittenConversation conversation = await OpenAsync("c");
        await WriteAsync(conversation, conversation.Turn("1", "book a flight", "which one?", "the early flight"));
        AssertSequences([3, 1], await SearchAsync(conversation.Key, "flights"));

        await WriteAsync(conversation, conversation.Turn("2", "two flights then", "東京都へ行く"));

        AssertSequences([4, 3, 1], await SearchAsync(conversation.Key, "flight"));
        AssertSequences([3], await SearchAsync(conversation.Key, "\"early flight\""));
        AssertSequences([4, 1], await SearchAsync(conversation.Key, "flight -early"));
        AssertSequences([5, 2], await SearchAsync(conversation.Key, "京 OR \"which one\""));
        AssertSequences([5], await SearchAsync(conversation.Key, "東京都"));
        AssertSequences([], await SearchAsync(conversation.Key, "train"));
    }

    [Fact]
    public async Task Search_returns_whole_messages_with_their_conversation()
    {
        WrittenConversation conversation = await OpenAsync("c");
        Message message = WrittenConversation.Row(1, "needle").Message with { Author = "ada", Metadata = """{"a":1}""" };
        await WriteAsync(conversation, conversation.Turn("1", [WrittenConversation.Sized(message)]));

        FoundMessage found = Assert.Single((await Store.SearchConversationAsync(conversation.Key, Look("needle"), None))!.Messages);

        Assert.Equal(new FoundMessage(conversation.Key, conversation.StoreId, message), found);
    }

    [Fact]
    public async Task Search_looks_at_text_contents_only()
    {
        WrittenConversation conversation = await OpenAsync("c");
        string[] contents =
        [
            """[{"$type":"functionCall","callId":"1","name":"needle","arguments":{"text":"needle"}}]""",
            """[{"$type":"functionResult","callId":"1","result":"needle"},{"$type":"reasoning","text":"needle"}]""",
            "[]",
            """[{"$type":"data","uri":"data:text/plain,needle"},{"text":"the needle","$type":"text"}]""",
        ];
        await WriteAsync(
            conversation,
            conversation.Turn(
                "1",
                [
                    .. contents.Select(
                        (json, i) =>
                            WrittenConversation.Sized(
                                WrittenConversation.Row(i + 1, "").Message with
                                {
                                    Contents = json,
                                    Metadata = """{"text":"needle"}""",
                                }
                            )
                    ),
                ]
            )
        );

        AssertSequences([4], await SearchAsync(conversation.Key, "needle"));
    }

    [Fact]
    public async Task Search_of_an_unknown_deleted_or_expired_conversation_finds_no_conversation()
    {
        Assert.Null(await Store.SearchConversationAsync(Key("unknown"), Look("needle"), None));
        WrittenConversation conversation = await OpenAsync("c");
        await WriteAsync(conversation, conversation.Turn("1", "needle") with { ExpiresAt = conversation.Now.AddHours(1) });
        DateTimeOffset expiry = conversation.ExpiresAt!.Value;

        Assert.NotNull(
            await Store.SearchConversationAsync(conversation.Key, Look("needle") with { At = expiry.AddMicroseconds(-1) }, None)
        );
        Assert.Null(await Store.SearchConversationAsync(conversation.Key, Look("needle") with { At = expiry }, None));
        await Store.DeleteAsync(conversation.Key, conversation.Now, None);
        Assert.Null(await Store.SearchConversationAsync(conversation.Key, Look("needle"), None));
    }

    [Fact]
    public async Task Search_does_not_find_the_former_life_of_a_key()
    {
        WrittenConversation conversation = await OpenAsync("c");
        await WriteAsync(conversation, conversation.Turn("1", "needle"));
        AssertSequences([1], await SearchAsync(conversation.Key, "needle"));
        await Store.DeleteAsync(conversation.Key, conversation.Now, None);
        WrittenConversation again = await OpenAsync("c");
        await WriteAsync(again, again.Turn("1", "hay"));

        AssertSequences([], await SearchAsync(again.Key, "needle"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_does_not_find_truncated_messages_swept_or_not(bool sweeps)
    {
        WrittenConversation conversation = await OpenAsync("c");
        await WriteAsync(conversation, conversation.Turn("1", "needle 1", "needle 2", "needle 3"));
        AssertSequences([3, 2, 1], await SearchAsync(conversation.Key, "needle"));
        await WriteAsync(conversation, conversation.Truncation("cut", keepLast: 1));
        await (sweeps ? SweepAllAsync() : Task.CompletedTask);

        AssertSequences([3], await SearchAsync(conversation.Key, "needle"));
        await WriteAsync(conversation, conversation.Truncation("clear", keepLast: 0));
        await (sweeps ? SweepAllAsync() : Task.CompletedTask);
        AssertSequences([], await SearchAsync(conversation.Key, "needle"));
    }

    [Fact]
    public async Task Search_of_a_fork_finds_what_it_shares_and_what_it_added()
    {
        WrittenConversation root = await OpenAsync("root");
        await WriteAsync(root, root.Turn("1", "needle 1", "needle 2", "needle 3"));
        await Store.ForkAsync(root.Fork(Key("child"), 2), None);
        WrittenConversation child = await OpenAsync("child");
        await WriteAsync(child, child.Turn("1", "hay", "needle 4"));
        await Store.ForkAsync(child.Fork(Key("grandchild"), 4), None);
        await WriteAsync(root, root.Turn("2", "needle 4"));

        AssertSequences([4, 2, 1], await SearchAsync(Key("grandchild"), "needle"));
        AssertSequences([4, 2, 1], await SearchAsync(child.Key, "needle"));
        AssertSequences([4, 3, 2, 1], await SearchAsync(root.Key, "needle"));

        await WriteAsync(root, root.Truncation("cut", keepLast: 1));
        await SweepAllAsync();
        AssertSequences([4], await SearchAsync(root.Key, "needle"));
        AssertSequences([4, 2, 1], await SearchAsync(Key("grandchild"), "needle"));

        await Store.CutAsync(child.Key, child.Now, None);
        AssertSequences([], await SearchAsync(Key("grandchild"), "needle"));
    }

    [Fact]
    public async Task Pages_go_on_behind_the_last_message_while_others_are_added()
    {
        WrittenConversation conversation = await OpenAsync("c");
        await WriteAsync(
            conversation,
            conversation.Turn("1", [.. Enumerable.Range(1, 7).Select(i => WrittenConversation.Row(i, $"needle {i}"))])
        );
        SearchResult first = (await Store.SearchConversationAsync(conversation.Key, Look("needle") with { Limit = 3 }, None))!;
        await WriteAsync(conversation, conversation.Turn("2", "needle 8"));
        MessageSearch next = Look("needle") with { Limit = 3, Behind = first.Messages[^1].Position };
        SearchResult second = (await Store.SearchConversationAsync(conversation.Key, next, None))!;
        SearchResult third = (
            await Store.SearchConversationAsync(conversation.Key, next with { Behind = second.Messages[^1].Position }, None)
        )!;

        AssertSequences([7, 6, 5, 4, 3, 2, 1], [.. Sequences(first), .. Sequences(second), .. Sequences(third)]);
        Assert.Equal((true, true, false), (first.More, second.More, third.More));
    }

    [Fact]
    public async Task Page_is_bounded_by_bytes_and_has_at_least_one_message()
    {
        WrittenConversation conversation = await WriteSizesAsync("c", 500, 500, 500);
        MessageSearch search = Look("x OR " + new string('x', 64)) with { MaxBytes = 1_000 };

        SearchResult two = (await Store.SearchConversationAsync(conversation.Key, search, None))!;
        SearchResult one = (await Store.SearchConversationAsync(conversation.Key, search with { MaxBytes = 1 }, None))!;
        SearchResult all = (await Store.SearchConversationAsync(conversation.Key, search with { MaxBytes = 1_500 }, None))!;

        Assert.Equal((2, true), (two.Messages.Count, two.More));
        Assert.Equal((1, true), (one.Messages.Count, one.More));
        Assert.Equal((3, false), (all.Messages.Count, all.More));
    }

    [Fact]
    public async Task Search_of_a_user_finds_only_live_conversations_of_that_user_and_tenant()
    {
        WrittenConversation mine = await OpenForAsync("mine", "ada");
        await WriteAsync(mine, mine.Turn("2", "needle"));
        WrittenConversation other = await OpenForAsync("other", "bob");
        await WriteAsync(other, other.Turn("2", "needle"));
        WrittenConversation nobody = await OpenAsync("nobody");
        await WriteAsync(nobody, nobody.Turn("1", "needle"));
        WrittenConversation expired = await OpenForAsync("expired", "ada");
        await WriteAsync(expired, expired.Turn("2", "needle") with { ExpiresAt = WrittenConversation.Start });

        Assert.Equal([mine.Key], (await Store.SearchUserAsync(Tenant, "ada", Look("needle"), None)).Messages.Select(found => found.Key));
        Assert.Equal([other.Key], (await Store.SearchUserAsync(Tenant, "bob", Look("needle"), None)).Messages.Select(found => found.Key));
        Assert.Empty((await Store.SearchUserAsync(Tenant + "x", "ada", Look("needle"), None)).Messages);
        Assert.Empty((await Store.SearchUserAsync(Tenant, "eve", Look("needle"), None)).Messages);

        await WriteAsync(mine, mine.Turn("3") with { Settings = new ConversationSettings { UserId = "bob" } });
        Assert.Empty((await Store.SearchUserAsync(Tenant, "ada", Look("needle"), None)).Messages);
        Assert.Equal(2, (await Store.SearchUserAsync(Tenant, "bob", Look("needle"), None)).Messages.Count);
    }

    [Fact]
    public async Task Search_of_a_user_is_ordered_by_instant_across_conversations()
    {
        WrittenConversation first = await OpenForAsync("first", "ada");
        await WriteAsync(first, first.Turn("2", [Said(1, 5), Said(2, 1)]));
        WrittenConversation second = await OpenForAsync("second", "ada");
        await WriteAsync(second, second.Turn("2", [Said(1, 3), Said(2, 5)]));

        SearchResult all = await Store.SearchUserAsync(Tenant, "ada", Look("needle"), None);
        Assert.Equal(
            [("second", 2), ("first", 1), ("second", 1), ("first", 2)],
            all.Messages.Select(found => (found.Key.Id, found.Message.Sequence))
        );

        SearchPosition? behind = null;
        var paged = new List<FoundMessage>();
        for (int page = 0; page < 4; page++)
        {
            SearchResult one = await Store.SearchUserAsync(Tenant, "ada", Look("needle") with { Limit = 1, Behind = behind }, None);
            paged.AddRange(one.Messages);
            behind = one.Messages[^1].Position;
            Assert.Equal(page < 3, one.More);
        }

        Assert.Equal(all.Messages, paged);

        static MessageRow Said(long sequence, int second) =>
            WrittenConversation.Sized(
                WrittenConversation.Row(sequence, "needle").Message with
                {
                    Created = WrittenConversation.Start.AddSeconds(second),
                }
            );
    }

    [Fact]
    public async Task Shared_message_is_found_once_where_it_was_said_else_in_the_oldest_fork()
    {
        WrittenConversation root = await OpenForAsync("root", "ada");
        await WriteAsync(root, root.Turn("2", "needle 1", "needle 2"));
        await Store.ForkAsync(root.Fork(Key("young"), 2) with { At = root.Now.AddHours(2) }, None);
        await Store.ForkAsync(root.Fork(Key("old"), 1) with { At = root.Now.AddHours(1) }, None);

        Assert.Equal([("root", 2), ("root", 1)], await FindForAsync("ada"));

        await WriteAsync(root, root.Truncation("cut", keepLast: 1));
        Assert.Equal([("root", 2), ("old", 1)], await FindForAsync("ada"));

        await WriteAsync(root, root.Turn("4") with { Settings = new ConversationSettings { UserId = "bob" } });
        Assert.Equal([("young", 2), ("old", 1)], await FindForAsync("ada"));
        Assert.Equal([("root", 2)], await FindForAsync("bob"));

        async Task<IEnumerable<(string, long)>> FindForAsync(string user) =>
            (await Store.SearchUserAsync(Tenant, user, Look("needle"), None)).Messages.Select(found =>
                (found.Key.Id, found.Message.Sequence)
            );
    }

    [Fact]
    public async Task Imported_messages_are_found_once_the_import_is_complete()
    {
        ConversationKey key = Key("imported");
        long storeId = await Store.ReserveStoreIdAsync(None);
        var import = new ImportCommit
        {
            Key = key,
            StoreId = storeId,
            Settings = new ConversationSettings { UserId = "ada" },
            FirstSequence = 5,
            LastSequence = 6,
            At = WrittenConversation.Start,
        };
        await Store.BeginImportAsync(import, None);
        await Store.AppendImportAsync(key, storeId, [WrittenConversation.Row(5, "needle"), WrittenConversation.Row(6, "hay")], None);
        Assert.Null(await Store.SearchConversationAsync(key, Look("needle"), None));
        Assert.Empty((await Store.SearchUserAsync(Tenant, "ada", Look("needle"), None)).Messages);

        await Store.CompleteImportAsync(key, storeId, WrittenConversation.Start, None);

        AssertSequences([5], await SearchAsync(key, "needle"));
        Assert.Single((await Store.SearchUserAsync(Tenant, "ada", Look("needle"), None)).Messages);
    }

    [Fact]
    public async Task Long_and_strange_texts_are_searched()
    {
        WrittenConversation conversation = await OpenAsync("c");
        string[] texts =
        [
            string.Join(' ', Enumerable.Range(0, 250_000).Select(i => $"w{i}")) + " beyond",
            string.Concat(Enumerable.Repeat("again ", 20_000)) + "late words",
            new string('東', 100_000) + "京",
            new string('x', 1_000_000),
            "'); drop table message; -- \\' :* & | ! <-> \uFFFF",
        ];
        await WriteAsync(conversation, conversation.Turn("1", texts));

        AssertSequences([1], await SearchAsync(conversation.Key, "w0 w1"));
        AssertSequences([], await SearchAsync(conversation.Key, "beyond"));
        AssertSequences([2], await SearchAsync(conversation.Key, "late words"));
        AssertSequences([], await SearchAsync(conversation.Key, "\"late words\""));
        AssertSequences([3], await SearchAsync(conversation.Key, "東京"));
        AssertSequences([4], await SearchAsync(conversation.Key, new string('x', 500)));
        AssertSequences([5], await SearchAsync(conversation.Key, "\"drop table\" message"));
    }

    private static MessageSearch Look(string text) =>
        new(SearchExpressionParser.Parse(text, "text"), null, 100, long.MaxValue, WrittenConversation.Start.AddDays(1));

    private static IEnumerable<long> Sequences(SearchResult result) => result.Messages.Select(found => found.Message.Sequence);

    private async Task<IEnumerable<long>> SearchAsync(ConversationKey key, string text)
    {
        SearchResult result = (await Store.SearchConversationAsync(key, Look(text), None))!;
        Assert.All(result.Messages, found => Assert.Equal(key, found.Key));
        return Sequences(result);
    }

    /// <summary>A new conversation of a user, at version 1 and without messages.</summary>
    private async Task<WrittenConversation> OpenForAsync(string id, string user)
    {
        WrittenConversation conversation = await OpenAsync(id);
        await WriteAsync(conversation, conversation.Turn("settings") with { Settings = new ConversationSettings { UserId = user } });
        return conversation;
    }
}
