using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class MessageRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Theory]
    [InlineData(3)]
    [InlineData(2_147_483_648)]
    [InlineData(4_294_967_295)]
    [InlineData(4_294_967_296)]
    [InlineData(4_294_967_297)]
    [InlineData(9_223_372_036_854_775_806)]
    [InlineData(9_223_372_036_854_775_807)]
    public async Task Behind_the_end_there_is_nothing_however_far_behind(long after)
    {
        string id = FormattableString.Invariant($"behind-{after}");
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            id + "/messages",
            """[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]"""
        );
        foreach (string query in (string[])["", "&role=user", "&order=desc", "&role=user&order=desc", "&before=9223372036854775807"])
        {
            JsonElement page = await _app.AskAsync(
                HttpStatusCode.OK,
                "GET",
                FormattableString.Invariant($"{id}/messages?after={after}{query}")
            );
            Assert.Equal("""{"messages":[],"next":null}""", page.GetRawText());
        }
    }

    [Fact]
    public async Task One_message_or_many_are_appended()
    {
        JsonElement one = await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "append/messages",
            """{"role":"user","content":"1"}""",
            ("Idempotency-Key", "a")
        );
        JsonElement many = await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "append/messages",
            """[{"role":"user","content":"2"},{"role":"tool","contents":[]}]"""
        );
        JsonElement again = await _app.AskAsync(
            HttpStatusCode.OK,
            "POST",
            "append/messages",
            """{"role":"user","content":"1"}""",
            ("Idempotency-Key", "a")
        );

        Assert.Equal("""{"version":1,"firstSequence":1,"lastSequence":1,"replayed":false}""", one.GetRawText());
        Assert.Equal("""{"version":2,"firstSequence":2,"lastSequence":3,"replayed":false}""", many.GetRawText());
        Assert.Equal("""{"version":1,"firstSequence":1,"lastSequence":1,"replayed":true}""", again.GetRawText());
        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "POST", "append/messages", "[]");
    }

    [Fact]
    public async Task A_message_is_answered_as_the_chat_message_it_was()
    {
        const string Said = """
            {"authorName":"Ada","createdAt":"2026-01-02T03:04:05.678901+02:00","role":"assistant","contents":[{"$type":"functionCall","name":"f","arguments":{"n":1.50,"deep":[{}]},"callId":"c"},
            {"text":"done","$type":"text"}],"messageId":"m-1","additionalProperties":{"k":null}}
            """;
        await _app.AskAsync(HttpStatusCode.Created, "POST", "chat/messages", Said);

        JsonElement message = (await _app.AskAsync(HttpStatusCode.OK, "GET", "chat/messages")).GetProperty("messages")[0];

        Assert.Equal(
            """{"sequence":1,"messageId":"m-1","role":"assistant","authorName":"Ada","createdAt":"2026-01-02T01:04:05.678901+00:00","contents":[{"$type":"functionCall","name":"f","arguments":{"n":1.50,"deep":[{}]},"informationalOnly":false,"callId":"c"},{"$type":"text","text":"done"}],"additionalProperties":{"k":null}}""",
            message.GetRawText()
        );
        ChatMessage read = message.Deserialize<ChatMessage>(AIJsonUtilities.DefaultOptions)!;
        Assert.Equal(("done", "Ada", "m-1"), (read.Text, read.AuthorName, read.MessageId));
        Assert.IsType<FunctionCallContent>(read.Contents[0]);
    }

    [Fact]
    public async Task What_the_library_of_the_client_writes_is_accepted()
    {
        var said = new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", "r"), new DataContent("data:text/plain;base64,aGk=")])
        {
            AuthorName = "x",
        };

        await _app.AskAsync(HttpStatusCode.Created, "POST", "lib/messages", JsonSerializer.Serialize(said, AIJsonUtilities.DefaultOptions));

        JsonElement message = (await _app.AskAsync(HttpStatusCode.OK, "GET", "lib/messages")).GetProperty("messages")[0];
        Assert.Equal(ChatMessageFormat.Default.ToNewMessage(said).Contents, message.GetProperty("contents").GetRawText());
    }

    [Theory]
    [InlineData("", 26, 75, 26L)]
    [InlineData("?limit=2", 74, 75, 74L)]
    [InlineData("?limit=2&order=desc", 75, 74, 74L)]
    [InlineData("?limit=2&after=10", 11, 12, 12L)]
    [InlineData("?limit=2&before=10", 8, 9, 8L)]
    [InlineData("?limit=1000", 1, 75, null)]
    [InlineData("?limit=1000&after=70&before=74", 71, 73, null)]
    [InlineData("?limit=1000&role=assistant&before=6", 2, 4, null)]
    public async Task A_page_is_what_was_asked_for(string query, long first, long last, long? next)
    {
        using HttpResponseMessage any = await _app.SendAsync("POST", "pages/messages", Many(75), ("Idempotency-Key", "once"));

        JsonElement page = await _app.AskAsync(HttpStatusCode.OK, "GET", "pages/messages" + query);

        long[] sequences = [.. page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("sequence").GetInt64())];
        Assert.Equal((first, last), (sequences[0], sequences[^1]));
        JsonElement cursor = page.GetProperty("next");
        Assert.Equal(next, cursor.ValueKind == JsonValueKind.Null ? null : cursor.GetInt64());
    }

    [Theory]
    [InlineData("maxTokens=15", new long[] { 73, 74, 75 }, 73L)]
    [InlineData("maxTokens=19", new long[] { 73, 74, 75 }, 73L)]
    [InlineData("maxTokens=15&limit=2", new long[] { 74, 75 }, 74L)]
    [InlineData("maxTokens=15&order=desc", new long[] { 75, 74, 73 }, 73L)]
    [InlineData("maxTokens=4", new long[0], 76L)]
    public async Task A_page_may_be_bounded_by_tokens(string query, long[] sequences, long next)
    {
        // Each of these messages has 5 tokens: 4, and one for its number.
        using HttpResponseMessage any = await _app.SendAsync("POST", "tokens/messages", Many(75), ("Idempotency-Key", "once"));

        JsonElement page = await _app.AskAsync(HttpStatusCode.OK, "GET", "tokens/messages?" + query);

        Assert.Equal(sequences, Sequences(page));
        Assert.Equal(next, page.GetProperty("next").GetInt64());
    }

    [Fact]
    public async Task All_that_fits_the_tokens_has_no_next_page_and_an_unknown_conversation_is_not_found()
    {
        using HttpResponseMessage any = await _app.SendAsync("POST", "tokens-all/messages", Many(3), ("Idempotency-Key", "once"));

        JsonElement page = await _app.AskAsync(HttpStatusCode.OK, "GET", "tokens-all/messages?maxTokens=15");

        Assert.Equal((3, JsonValueKind.Null), (Sequences(page).Length, page.GetProperty("next").ValueKind));
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "tokens-none/messages?maxTokens=15");
    }

    [Theory]
    [InlineData(8, new long[] { 4, 5, 5, 6, 7, 8, 9, 10 })]
    [InlineData(7, new long[] { 5, 6, 7, 8, 9, 10 })]
    [InlineData(6, new long[] { 5, 6, 7, 8, 9, 10 })]
    [InlineData(5, new long[] { 7, 8, 9, 10 })]
    [InlineData(4, new long[] { 7, 8, 9, 10 })]
    public async Task A_page_bounded_by_tokens_holds_calls_with_their_results_or_not_at_all(int messages, long[] sequences)
    {
        // Calls at 4 and 5, their results at 5 and 6: the message at 5 becomes two, because a tool makes no calls.
        const string Said = """
            [{"role":"user","content":"1"},{"role":"user","content":"2"},{"role":"user","content":"3"},
            {"role":"assistant","contents":[{"$type":"functionCall","callId":"c","name":"f"}]},
            {"role":"tool","contents":[{"$type":"functionResult","callId":"c","result":1},{"$type":"functionCall","callId":"d","name":"f"}]},
            {"role":"tool","contents":[{"$type":"functionResult","callId":"d","result":1}]},
            {"role":"assistant","content":"7"},{"role":"user","content":"8"},{"role":"user","content":"9"},{"role":"user","content":"10"}]
            """;
        using HttpResponseMessage any = await _app.SendAsync("POST", "pairs/messages", Said, ("Idempotency-Key", "once"));

        JsonElement page = await _app.AskAsync(
            HttpStatusCode.OK,
            "GET",
            FormattableString.Invariant($"pairs/messages?maxTokens=1000&limit={messages}")
        );

        Assert.Equal(sequences, Sequences(page));
        Assert.Equal(sequences[0], page.GetProperty("next").GetInt64());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("after=-1", "after")]
    [InlineData("before=0", "before")]
    [InlineData("role=boss", "role")]
    [InlineData("order=up", "order")]
    [InlineData("maxTokens=0", "maxTokens")]
    [InlineData("maxTokens=many", "maxTokens")]
    [InlineData("maxTokens=5&after=1", "maxTokens")]
    [InlineData("maxTokens=5&before=9", "maxTokens")]
    [InlineData("maxTokens=5&role=user", "maxTokens")]
    [InlineData("Limit=5", "Limit")]
    public async Task A_bad_query_is_refused_by_name(string query, string parameter)
    {
        using HttpResponseMessage any = await _app.SendAsync("POST", "queries/messages", Many(1), ("Idempotency-Key", "once"));

        JsonElement problem = await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", "queries/messages?" + query);

        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task Truncate_and_clear_drop_messages_and_nothing_else()
    {
        await _app.AskAsync(HttpStatusCode.Created, "POST", "cut/turns", $$$"""{"messages":{{{Many(5)}}},"globals":{"g":1}}""");

        JsonElement cut = await _app.AskAsync(
            HttpStatusCode.OK,
            "POST",
            "cut/messages/truncate",
            """{"keepLast":2}""",
            ("Idempotency-Key", "c")
        );
        JsonElement again = await _app.AskAsync(
            HttpStatusCode.OK,
            "POST",
            "cut/messages/truncate",
            """{"keepLast":2}""",
            ("Idempotency-Key", "c")
        );

        Assert.Equal((2, false), (cut.GetProperty("version").GetInt64(), cut.GetProperty("replayed").GetBoolean()));
        Assert.True(again.GetProperty("replayed").GetBoolean());
        Assert.Equal(2, (await _app.AskAsync(HttpStatusCode.OK, "GET", "cut")).GetProperty("messageCount").GetInt64());
        await _app.AskAsync(HttpStatusCode.OK, "DELETE", "cut/messages");
        JsonElement page = await _app.AskAsync(HttpStatusCode.OK, "GET", "cut/messages");
        Assert.Equal("""{"messages":[],"next":null}""", page.GetRawText());
        JsonElement next = await _app.AskAsync(HttpStatusCode.Created, "POST", "cut/messages", Many(1));
        Assert.Equal(6, next.GetProperty("firstSequence").GetInt64());
        Assert.Equal(1, (await _app.AskAsync(HttpStatusCode.OK, "GET", "cut/export")).GetProperty("entries").GetArrayLength());
    }

    [Theory]
    [InlineData("{}", "keepLast")]
    [InlineData("""{"keepLast":-1}""", "keepLast")]
    [InlineData("""{"keepLast":null}""", "keepLast")]
    [InlineData("""{"keepLast":1,"more":2}""", "more")]
    public async Task A_bad_truncation_is_refused_by_name(string body, string parameter)
    {
        JsonElement problem = await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "POST", "x/messages/truncate", body);

        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    private static long[] Sequences(JsonElement page) =>
        [.. page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("sequence").GetInt64())];

    private static string Many(int count) =>
        "["
        + string.Join(
            ',',
            Enumerable
                .Range(1, count)
                .Select(n =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$"""{"role":"{{(n % 2 == 0 ? "assistant" : "user")}}","content":"{{n}}"}"""
                    )
                )
        )
        + "]";
}
