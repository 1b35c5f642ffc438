using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class EventRoutesTests(SiloApp app) : IClassFixture<SiloApp>
{
    [Fact]
    public async Task A_reader_catches_up_and_then_hears_what_comes()
    {
        await SayAsync(app, "live", "1", "2", "3");
        await using EventReader reader = await EventReader.ConnectAsync(app, "live/events?after=1");

        Assert.Equal("text/event-stream", reader.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", reader.Response.Headers.CacheControl!.ToString());
        Assert.Equal("no", Assert.Single(reader.Response.Headers.GetValues("X-Accel-Buffering")));
        Assert.Equal("2 3", await reader.MessagesAsync(2));
        await SayAsync(app, "live", "4");
        (string name, JsonElement data) = await reader.NextAsync();

        JsonElement page = await app.AskAsync(HttpStatusCode.OK, "GET", "live/messages?limit=1");
        Assert.Equal(("message", page.GetProperty("messages")[0].GetRawText()), (name, data.GetRawText()));
        JsonElement head = await app.AskAsync(HttpStatusCode.OK, "GET", "live");
        Assert.Equal(new FeedPosition(4, head.GetProperty("createdAt").GetDateTimeOffset()).ToString(), reader.LastEventId);
    }

    [Fact]
    public async Task A_reader_that_connects_again_misses_nothing_and_gets_nothing_twice()
    {
        await SayAsync(app, "again", "1", "2");
        string id;
        await using (EventReader first = await EventReader.ConnectAsync(app, "again/events"))
        {
            // Nothing was received yet, but where it stands is known.
            id = first.LastEventId;
        }

        await SayAsync(app, "again", "3", "4", "5");
        await using (EventReader second = await EventReader.ConnectAsync(app, "again/events?after=0", id))
        {
            Assert.Equal("3 4", await second.MessagesAsync(2));
            id = second.LastEventId;
        }

        await using EventReader third = await EventReader.ConnectAsync(app, "again/events", id);
        Assert.Equal("5", await third.MessagesAsync(1));
    }

    [Fact]
    public async Task A_parser_that_is_not_ours_reads_the_same_events()
    {
        await SayAsync(app, "parsed", "1", "two\nlines");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/conversations/parsed/events?after=0");
        using HttpResponseMessage response = await app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WithTimeout();
        SseParser<string> parser = SseParser.Create(await response.Content.ReadAsStreamAsync());
        List<SseItem<string>> events = await parser.EnumerateAsync().Take(2).ToListAsync().AsTask().WithTimeout();

        JsonElement page = await app.AskAsync(HttpStatusCode.OK, "GET", "parsed/messages?order=asc");
        Assert.Equal(
            page.GetProperty("messages").EnumerateArray().Select(message => ("message", message.GetRawText())),
            events.Select(next => (next.EventType, next.Data))
        );
        Assert.Equal(TimeSpan.FromSeconds(2), parser.ReconnectionInterval);
        JsonElement head = await app.AskAsync(HttpStatusCode.OK, "GET", "parsed");
        Assert.Equal(new FeedPosition(2, head.GetProperty("createdAt").GetDateTimeOffset()).ToString(), parser.LastEventId);
    }

    [Fact]
    public async Task What_else_happens_has_events_of_its_own()
    {
        await SayAsync(app, "fate", "1", "2", "3");
        await using EventReader reader = await EventReader.ConnectAsync(app, "fate/events");
        await app.AskAsync(HttpStatusCode.OK, "POST", "fate/messages/truncate", """{"keepLast":1}""");
        (string name, JsonElement data) = await reader.NextAsync();
        Assert.Equal(("truncated", """{"firstSequence":3}"""), (name, data.GetRawText()));
        string old = reader.LastEventId;
        await app.AskAsync(HttpStatusCode.OK, "DELETE", "fate");
        (name, data) = await reader.NextAsync();
        Assert.Equal(("ended", "{}"), (name, data.GetRawText()));
        Assert.Empty(await reader.BlockAsync());

        await SayAsync(app, "fate", "anew");
        JsonElement head = await app.AskAsync(HttpStatusCode.OK, "GET", "fate");
        await using EventReader again = await EventReader.ConnectAsync(app, "fate/events", old);
        (name, data) = await again.NextAsync();
        Assert.Equal(("restarted", head.GetProperty("createdAt").GetRawText()), (name, data.GetProperty("createdAt").GetRawText()));
        Assert.Equal("1", await again.MessagesAsync(1));
    }

    [Fact]
    public async Task Line_breaks_in_stored_json_cannot_end_an_event()
    {
        const string Contents = "[\r\n{\"$type\":\"text\",\n\n\"text\":\"data: x\"}\r]";
        Conversation conversation = app.Services.GetRequiredService<ConversationClient>().Get("default", "lines");
        await conversation.CommitAsync(Messages.Turn("1", new NewMessage { Role = MessageRoles.User, Contents = Contents }));
        Assert.Contains('\n', (await conversation.GetStoredMessagesAsync()).Messages[0].Contents);
        await using EventReader reader = await EventReader.ConnectAsync(app, "lines/events?after=0");
        (_, JsonElement data) = await reader.NextAsync();
        Assert.Equal("data: x", data.GetProperty("contents")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("Last-Event-ID", "seven")]
    [InlineData("Last-Event-ID", "7.x")]
    [InlineData("after", "-1")]
    [InlineData("after", "1.99999999999999999999")]
    [InlineData("after", "99")]
    public async Task A_position_that_is_none_is_refused(string parameter, string position)
    {
        await SayAsync(app, "positions", "1");
        bool isHeader = parameter != "after";
        JsonElement problem = await app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "GET",
            isHeader ? "positions/events" : "positions/events?after=" + position,
            null,
            isHeader ? [(parameter, position)] : []
        );
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "nobody/events");
        await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", "positions/events?before=1");
    }

    [Fact]
    public async Task Tenants_never_hear_each_other()
    {
        const string KeyA = "key-of-tenant-a-0001";
        const string KeyB = "key-of-tenant-b-0002";
        await using SiloApp keyed = new SiloApp().With("OrleansMemory:ApiKeys:" + KeyA, "a").With("OrleansMemory:ApiKeys:" + KeyB, "b");
        await SayAsync(keyed, "same", [KeyA], "of a");
        await keyed.RefuseAsync(HttpStatusCode.Unauthorized, "key-missing", "GET", "same/events");
        await keyed.RefuseAsync(
            HttpStatusCode.NotFound,
            "conversation-not-found",
            "GET",
            "same/events",
            null,
            ("Authorization", "Bearer " + KeyB)
        );
        await SayAsync(keyed, "same", [KeyB], "of b");
        await using EventReader reader = await EventReader.ConnectAsync(keyed, "same/events", key: KeyB);
        await SayAsync(keyed, "same", [KeyA], "of a again");
        await SayAsync(keyed, "same", [KeyB], "of b again");
        (_, JsonElement data) = await reader.NextAsync();
        Assert.Equal(
            (2, "of b again"),
            (data.GetProperty("sequence").GetInt32(), data.GetProperty("contents")[0].GetProperty("text").GetString())
        );
    }

    [Fact]
    public async Task A_reader_that_does_not_read_makes_nothing_pile_up()
    {
        const int Count = 150;
        var store = new WatchedStore(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
        await using SiloApp watched = new SiloApp()
            .With("OrleansMemory:Http:FeedStallTimeout", "01:00:00")
            .With(services => services.AddSingleton<IConversationStore>(store));
        string large = new('x', 100_000);
        await SayAsync(watched, "slow", large);
        await using EventReader reader = await EventReader.ConnectAsync(watched, "slow/events?after=0");
        int before = store.Calls(nameof(IConversationStore.ReadMessagesAsync));
        for (int i = 1; i < Count; i++)
        {
            await SayAsync(watched, "slow", large);
        }

        // A page has about 250 KB: what was read for the reader by now is a few of them, not the 60 that there are.
        Assert.InRange(store.Calls(nameof(IConversationStore.ReadMessagesAsync)), before, before + 4);
        Assert.Equal(string.Join(' ', Enumerable.Range(1, Count)), await reader.MessagesAsync(Count));
    }

    [Fact]
    public async Task A_silo_stops_although_readers_listen()
    {
        await using var stopping = new SiloApp();
        await SayAsync(stopping, "stop", new string('x', 300_000), new string('y', 300_000));
        await using EventReader waits = await EventReader.ConnectAsync(stopping, "stop/events");
        await using EventReader doesNotRead = await EventReader.ConnectAsync(stopping, "stop/events?after=0");
        Task<Dictionary<string, string>> next = waits.BlockAsync();
        IHost host = stopping.Services.GetRequiredService<IHost>();
        await host.StopAsync().WithTimeout();
        Assert.Empty(await next);
    }

    private static Task SayAsync(SiloApp app, string id, params string[] texts) => SayAsync(app, id, [], texts);

    private static async Task SayAsync(SiloApp app, string id, string[] key, params string[] texts)
    {
        string json = JsonSerializer.Serialize(texts.Select(text => new { role = "user", content = text }));
        await app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            id + "/messages",
            json,
            [.. key.Select(value => ("Authorization", "Bearer " + value))]
        );
    }
}
