using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>What a turn appended, over HTTP; and what HTTP tells of instants and of JSON that is nested too deep.</summary>
public sealed class TurnMessagesRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task A_turn_gives_back_its_messages_until_some_are_dropped()
    {
        const string Turn = """{"turnId":"a b","messages":[{"role":"user","content":"1"},{"role":"assistant","content":"2"}]}""";
        await _app.AskAsync(HttpStatusCode.Created, "POST", "c/turns", Turn);
        await _app.AskAsync(HttpStatusCode.Created, "POST", "c/messages", """{"role":"user","content":"3"}""");

        JsonElement page = await _app.AskAsync(HttpStatusCode.OK, "GET", "c/turns/a%20b/messages");

        Assert.Equal([1, 2], page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("sequence").GetInt64()));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        await _app.RefuseAsync(HttpStatusCode.NotFound, "turn-not-found", "GET", "c/turns/other/messages");
        await _app.RefuseAsync(HttpStatusCode.NotFound, "turn-not-found", "GET", "unknown/turns/a/messages");
        await _app.AskAsync(HttpStatusCode.OK, "POST", "c/messages/truncate", """{"keepLast":1}""");
        JsonElement gone = await _app.RefuseAsync(HttpStatusCode.Gone, "turn-messages-dropped", "GET", "c/turns/a%20b/messages");
        Assert.Equal(1, gone.GetProperty("committedVersion").GetInt64());
    }

    [Theory]
    [InlineData(
        "POST",
        "c/messages",
        """{"role":"user","contents":[{"$type":"functionResult","callId":"a","result":@63}]}""",
        "contents",
        65,
        64
    )]
    [InlineData("POST", "c/messages", """{"role":"user","content":"x","additionalProperties":{"x":@64}}""", "additionalProperties", 65, 64)]
    [InlineData("POST", "c/turns", """{"globals":{"g":@65}}""", "globals", 65, 64)]
    [InlineData("PATCH", "c/globals", """{"g":@100}""", "value", 100, 64)]
    [InlineData("PUT", "c/entries/n/k", "@70", "value", 70, 64)]
    [InlineData("PUT", "c", """{"metadata":{"x":@64}}""", "metadata", 65, 64)]
    [InlineData("POST", "c/messages", """{"role":"user","contents":@500}""", "body", 501, 128)]
    public async Task Json_that_is_nested_too_deep_is_told_so(string method, string path, string body, string part, int depth, int limit)
    {
        int at = body.IndexOf('@', StringComparison.Ordinal);
        string digits = new([.. body[(at + 1)..].TakeWhile(char.IsAsciiDigit)]);
        int levels = int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        string json = body.Replace("@" + digits, new string('[', levels) + new string(']', levels), StringComparison.Ordinal);

        JsonElement problem = await _app.RefuseAsync(HttpStatusCode.BadRequest, "json-too-deep", method, path, json);

        Assert.Equal((depth, limit), (problem.GetProperty("depth").GetInt32(), problem.GetProperty("limit").GetInt32()));
        Assert.Contains(part, problem.GetProperty("parameter").GetString()!, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("2026-01-31T12:00:00.1234567+00:00")]
    [InlineData("2026-01-31T12:00:00.123456789Z")]
    [InlineData("2026-01-31 14:00:00.123456+02:00")]
    [InlineData("2026-01-31T12:00:00.123456")]
    public async Task Instants_of_every_language_are_read_in_bodies(string instant)
    {
        string body = $$"""{"role":"user","content":"x","createdAt":"{{instant}}"}""";
        await _app.AskAsync(HttpStatusCode.Created, "POST", "c/messages", body);

        JsonElement page = await _app.AskAsync(HttpStatusCode.OK, "GET", "c/messages");

        Assert.Equal(
            new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(123_456),
            page.GetProperty("messages")[0].GetProperty("createdAt").GetDateTimeOffset()
        );
    }

    [Fact]
    public async Task Instants_of_every_language_are_read_in_queries()
    {
        string[] forms =
        [
            "yyyy-MM-dd'T'HH:mm:ss.fffffff'+00:00'",
            "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
            "yyyy-MM-dd' 'HH:mm:ss.ffffff'+00:00'",
        ];
        foreach (string form in forms)
        {
            foreach (bool escaped in new[] { true, false })
            {
                await _app.AskAsync(HttpStatusCode.Created, "POST", "q/messages", """{"role":"user","content":"x"}""");
                DateTimeOffset created = (await _app.AskAsync(HttpStatusCode.OK, "GET", "q")).GetProperty("createdAt").GetDateTimeOffset();
                string text = created.ToString(form, System.Globalization.CultureInfo.InvariantCulture);
                await _app.AskAsync(
                    HttpStatusCode.OK,
                    "DELETE",
                    "q?expectedCreatedAt=" + (escaped ? Uri.EscapeDataString(text) : text.Replace(' ', '+'))
                );
            }
        }

        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "DELETE", "q?expectedCreatedAt=yesterday");
    }
}
