using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>A front end that sends the whole history again, as fresh objects with the same ids.</summary>
public sealed class SentAgainTests(WatchedHost watched) : IClassFixture<WatchedHost>
{
    private readonly WatchedStore _store = watched.Store;
    private readonly ConversationClient _client = Clients.OfNewTenant(watched.Host);

    private Conversation Conversation => _client.Get("c");

    [Theory]
    [InlineData(60, null)]
    [InlineData(300, null)]
    [InlineData(300, 10)]
    [InlineData(2_500, 10)]
    public async Task Only_what_is_new_is_stored_with_a_bounded_number_of_reads(int length, int? window)
    {
        List<ChatMessage> history =
        [
            .. Enumerable.Range(0, length).Select(i => Said(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, $"{i}", $"id{i}")),
        ];
        await Conversation.AppendAsync(Fresh(history));
        var model = new StrictChatClient();
        for (int i = 0; i < 3; i++)
        {
            history.Add(Said(ChatRole.User, $"new {i}", $"new{i}"));
            int reads = _store.Reads;
            ChatResponse response = await Bind(model, window).GetResponseAsync(Fresh(history));
            Assert.InRange(_store.Reads - reads, 0, 2 + KnownReach.MostPages);
            history.AddRange(response.Messages);
            Assert.Equal(history.Count, (await Conversation.GetHeadAsync())!.LastSequence);
        }

        Assert.Equal(history.Select(message => message.MessageId), await IdsAsync());
        Assert.All(model.Calls, call => Assert.Distinct(call.Messages.Select(message => message.MessageId)));
    }

    [Fact]
    public async Task Behind_what_others_said_meanwhile_the_history_is_still_known()
    {
        List<ChatMessage> history =
        [
            .. Enumerable.Range(0, 40).Select(i => Said(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, $"{i}", $"id{i}")),
        ];
        await Conversation.AppendAsync(Fresh(history));
        await Conversation.AppendAsync(Enumerable.Range(0, 900).Select(i => Said(ChatRole.User, $"other {i}", $"other{i}")));
        await Bind(new StrictChatClient(), null).GetResponseAsync(Fresh([.. history, Said(ChatRole.User, "new", "new")]));

        Assert.Equal(942, (await Conversation.GetHeadAsync())!.LastSequence);
    }

    [Fact]
    public async Task Messages_without_ids_before_one_that_is_known_are_known_and_a_changed_system_message_is_new()
    {
        var model = new StrictChatClient();
        ChatResponse first = await Bind(model, null)
            .GetResponseAsync([new ChatMessage(ChatRole.System, "rules"), new ChatMessage(ChatRole.User, "1")]);
        ChatMessage[] again =
        [
            new(ChatRole.System, "other rules"),
            new(ChatRole.User, "1"),
            .. Fresh(first.Messages),
            new(ChatRole.User, "2"),
        ];
        await Bind(model, null).GetResponseAsync(again);

        Assert.Equal(["rules", "1", "answer 1", "other rules", "2", "answer 2"], await TextsAsync());
    }

    [Theory]
    [InlineData("text")]
    [InlineData("image")]
    [InlineData("address")]
    [InlineData("role")]
    public async Task What_says_something_else_under_a_known_id_is_new_once(string what)
    {
        var image = new DataContent(new byte[] { 1, 2, 3 }, "image/png");
        var address = new UriContent("https://example.org/a.png", "image/png");
        ChatMessage asked = new(ChatRole.User, [new TextContent("look"), image, address]) { MessageId = "asked" };
        ChatResponse first = await Bind(new StrictChatClient(), null).GetResponseAsync([asked]);

        ChatMessage changed = new(
            what == "role" ? ChatRole.Assistant : ChatRole.User,
            [
                new TextContent(what == "text" ? "look again" : "look"),
                what == "image"
                    ? new DataContent(new byte[] { 1, 2, 4 }, "image/png")
                    : new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
                what == "address"
                    ? new UriContent("https://example.org/b.png", "image/png")
                    : new UriContent("https://example.org/a.png", "image/png"),
            ]
        )
        {
            MessageId = "asked",
        };
        var model = new StrictChatClient();
        ChatResponse second = await Bind(model, null).GetResponseAsync(Fresh([changed, .. first.Messages, Said(ChatRole.User, "2", "u2")]));
        Assert.Equal(5, (await Conversation.GetHeadAsync())!.LastSequence);
        Assert.Equal(changed.Contents.Count, model.Calls[0].Messages[^2].Contents.Count);

        // The changed one and the first one are both known from then on.
        ChatMessage[] all =
        [
            changed,
            asked,
            .. first.Messages,
            Said(ChatRole.User, "2", "u2"),
            .. second.Messages,
            Said(ChatRole.User, "3", "u3"),
        ];
        await Bind(model, null).GetResponseAsync(Fresh(all));
        Assert.Equal(7, (await Conversation.GetHeadAsync())!.LastSequence);
    }

    [Fact]
    public async Task Contents_that_are_split_otherwise_or_lack_what_the_model_reasoned_are_the_same()
    {
        var model = new StrictChatClient(_ => new StrictAnswer(new TextReasoningContent("hm"), new TextContent("a"), new TextContent("b")));
        ChatResponse first = await Bind(model, null).GetResponseAsync([Said(ChatRole.User, "1", "u1")]);
        ChatMessage shown = new(ChatRole.Assistant, "ab") { MessageId = first.Messages[0].MessageId };
        await Bind(model, null).GetResponseAsync([Said(ChatRole.User, "1", "u1"), shown, Said(ChatRole.User, "2", "u2")]);

        Assert.Equal(["1", "ab", "2", "ab"], await TextsAsync());
    }

    [Fact]
    public async Task A_run_that_is_sent_again_with_the_whole_history_finds_its_answer()
    {
        List<ChatMessage> history =
        [
            .. Enumerable.Range(0, 600).Select(i => Said(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, $"{i}", $"id{i}")),
        ];
        await Conversation.AppendAsync(Fresh(history));
        history.Add(Said(ChatRole.User, "new", "new"));
        var options = new ChatOptions { AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = "t" } };
        var model = new StrictChatClient();
        await Bind(model, null).GetResponseAsync(Fresh(history), options);

        Assert.Equal("answer 1", (await Bind(model, null).GetResponseAsync(Fresh(history), options)).Text);
        Assert.Single(model.Calls);
    }

    [Fact]
    public async Task A_single_new_message_with_an_id_costs_no_further_read()
    {
        await Conversation.AppendAsync(Enumerable.Range(0, 2_000).Select(i => Said(ChatRole.User, $"{i}", $"id{i}")));
        await Bind(new StrictChatClient(), 10).GetResponseAsync([Said(ChatRole.User, "warm", "w")]);
        int reads = _store.Calls(nameof(IConversationStore.ReadMessagesAsync));
        await Bind(new StrictChatClient(), 10).GetResponseAsync([Said(ChatRole.User, "new", "n")]);

        // The one is the query for system messages, which every window of a long log makes.
        Assert.InRange(_store.Calls(nameof(IConversationStore.ReadMessagesAsync)) - reads, 0, 1);
    }

    private ConversationChatClient Bind(IChatClient model, int? window) =>
        model.WithConversation(
            _client,
            options =>
            {
                options.ConversationId = "c";
                options.Window = new ConversationWindow(new ConversationWindowOptions { MaxMessages = window });
            }
        );

    private static ChatMessage Said(ChatRole role, string text, string id) => new(role, text) { MessageId = id };

    private static List<ChatMessage> Fresh(IEnumerable<ChatMessage> messages) =>
        [.. messages.Select(message => new ChatMessage(message.Role, [.. message.Contents]) { MessageId = message.MessageId })];

    private async Task<string[]> TextsAsync() =>
        [.. (await Conversation.GetMessagesAsync()).Messages.Select(message => message.Message.Text)];

    private async Task<List<string?>> IdsAsync()
    {
        List<string?> ids = [];
        await foreach (ConversationMessage message in Conversation.StreamMessagesAsync())
        {
            ids.Add(message.Message.MessageId);
        }

        return ids;
    }
}
