using OrleansMemory.Http;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Http;

/// <summary>The generated client against a silo.</summary>
public sealed class MemoryHttpClientTests
{
    private readonly MemoryHttpClient _memory;

    public MemoryHttpClientTests(SharedSilo silo) => _memory = new MemoryHttpClient(silo.NewTenant().Http);

    [Fact]
    public async Task A_turn_may_be_sent_again_and_is_read_back()
    {
        var turn = new TurnBody
        {
            Messages = [new MessageBody { Role = "user", Content = "Find me a hotel." }],
            Globals = new Dictionary<string, object> { ["city"] = "Lisbon" },
        };

        ReceiptDocument first = await _memory.CommitTurnAsync("trip", turn, idempotencyKey: "turn-1");
        ReceiptDocument again = await _memory.CommitTurnAsync("trip", turn, idempotencyKey: "turn-1");

        Assert.Equal((1, false, 1, true), (first.Version, first.Replayed, again.Version, again.Replayed));
        Assert.Equal(1, Assert.Single((await _memory.GetMessagesAsync("trip", limit: 20)).Messages).Sequence);
    }

    [Fact]
    public async Task A_patch_leaves_alone_what_is_not_set()
    {
        await _memory.PutConversationAsync("trip", new SettingsBody { UserId = "ana", Title = "Lisbon" });

        ConversationDocument patched = await _memory.PatchConversationAsync("trip", new SettingsBody { Title = "Porto" });

        Assert.Equal(("ana", "Porto"), (patched.UserId, patched.Title));
    }

    [Fact]
    public async Task Names_of_a_scope_that_are_not_set_are_left_out()
    {
        await _memory.RecordMemoriesAsync(
            new RecordBody
            {
                Agent = "guide",
                User = "ana",
                Contents = ["Prefers quiet rooms."],
            }
        );

        RecallDocument ofUser = await _memory.RecallMemoriesAsync(new RecallBody { User = "ana", Query = "Which rooms?" });
        RecallDocument ofNone = await _memory.RecallMemoriesAsync(
            new RecallBody
            {
                Agent = "guide",
                Without = ["user"],
                Query = "Which rooms?",
            }
        );

        Assert.Equal((1, 0), (ofUser.Memories.Count, ofNone.Memories.Count));
    }

    [Fact]
    public async Task A_refusal_is_a_problem_with_its_code()
    {
        var refused = await Assert.ThrowsAsync<MemoryHttpException<ProblemDocument>>(() => _memory.GetConversationAsync("unknown"));

        Assert.Equal((404, "conversation-not-found"), (refused.StatusCode, refused.Result.Code));
    }

    [Fact]
    public async Task An_export_is_a_stream_that_an_import_takes()
    {
        await _memory.AppendMessagesAsync("trip", new MessageBody { Role = "user", Content = "Find me a hotel." });

        using (FileResponse export = await _memory.ExportConversationAsync("trip"))
        {
            await _memory.ImportConversationAsync("copy", export.Stream);
        }

        Assert.Single((await _memory.GetMessagesAsync("copy")).Messages);
    }

    [Fact]
    public async Task A_feed_is_a_stream_of_events()
    {
        await _memory.AppendMessagesAsync("trip", new MessageBody { Role = "user", Content = "Find me a hotel." });

        using FileResponse feed = await _memory.WatchConversationAsync("trip", after: "0");
        await foreach (
            System.Net.ServerSentEvents.SseItem<string> item in System.Net.ServerSentEvents.SseParser.Create(feed.Stream).EnumerateAsync()
        )
        {
            Assert.Equal("message", item.EventType);
            Assert.Contains("Find me a hotel.", item.Data, StringComparison.Ordinal);
            break;
        }
    }

    [Theory]
    [InlineData("relative", null)]
    [InlineData("ftp://127.0.0.1", null)]
    [InlineData("http://127.0.0.1:5080", "")]
    [InlineData("http://127.0.0.1:5080", "two words")]
    [InlineData("http://127.0.0.1:5080", "line\nbreak")]
    public void What_is_no_address_or_no_key_is_refused(string address, string? key) =>
        Assert.Throws<ArgumentException>(() => MemoryHttpClient.Create(new Uri(address, UriKind.RelativeOrAbsolute), key));
}
