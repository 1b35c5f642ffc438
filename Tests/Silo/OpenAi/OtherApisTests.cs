using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenAi;

/// <summary>One conversation, through OpenAI's routes and through ours.</summary>
public sealed class OtherApisTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task What_OpenAIs_clients_write_our_routes_read()
    {
        string id = await _app.NewConversationAsync();
        await _app.AddAsync(
            id,
            """
            [{"id":"a","role":"developer","content":"Be brief."},{"id":"b","role":"user","content":"Find a hotel."},
            {"id":"c","type":"function_call","call_id":"call-1","name":"find","arguments":"{\"city\":\"Lisbon\"}"},{"id":"d","type":"function_call_output","call_id":"call-1","output":"Alfama Inn"}]
            """
        );

        JsonElement[] messages =
        [
            .. (await _app.AskAsync(HttpStatusCode.OK, "GET", $"{id}/messages")).GetProperty("messages").EnumerateArray(),
        ];

        Assert.Equal(
            ["a system", "b user", "c assistant", "d tool"],
            messages.Select(message => $"{message.GetProperty("messageId").GetString()} {message.GetProperty("role").GetString()}")
        );
        Assert.Equal(
            ["""[{"$type":"text","text":"Be brief."}]""", """[{"$type":"text","text":"Find a hotel."}]"""],
            messages.Take(2).Select(message => message.GetProperty("contents").GetRawText())
        );
        JsonElement call = messages[2].GetProperty("contents")[0];
        Assert.Equal(
            ("find", "Lisbon", "call-1"),
            (
                call.GetProperty("name").GetString(),
                call.GetProperty("arguments").GetProperty("city").GetString(),
                call.GetProperty("callId").GetString()
            )
        );
        Assert.Equal(
            ("Alfama Inn", "call-1"),
            (
                messages[3].GetProperty("contents")[0].GetProperty("result").GetString(),
                messages[3].GetProperty("contents")[0].GetProperty("callId").GetString()
            )
        );
        Assert.Equal(1, (await _app.AskAsync(HttpStatusCode.OK, "GET", $"{id}/search?q=hotel")).GetProperty("hits").GetArrayLength());
        JsonElement window = await _app.AskAsync(HttpStatusCode.OK, "GET", $"{id}/messages?maxTokens=10000");
        Assert.Equal(4, window.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task What_our_routes_write_OpenAIs_clients_read()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "ours/messages",
            """
            [{"role":"system","messageId":"s","content":"Be brief."},
            {"role":"user","messageId":"u","contents":[{"$type":"text","text":"What is this?"},{"$type":"data","uri":"data:image/png;base64,AAAA"},{"$type":"data","uri":"data:application/pdf;base64,AAAA","name":"a.pdf"},{"$type":"uri","uri":"https://example.com/a.png","mediaType":"image/png"},{"$type":"uri","uri":"https://example.com/a.pdf","mediaType":"application/pdf"},{"$type":"hostedFile","fileId":"f"}]},
            {"role":"assistant","messageId":"m","contents":[{"$type":"reasoning","text":"why","protectedData":"sealed"},{"$type":"text","text":"A dot."},{"$type":"usage","details":{"inputTokenCount":1}},{"$type":"functionCall","callId":"c","name":"f","arguments":{"a":1}}]},
            {"role":"tool","messageId":"t","contents":[{"$type":"functionResult","callId":"c","result":{"ok":true}},{"$type":"functionResult","callId":"d","result":"text"}]},
            {"role":"assistant","messageId":"e","contents":[{"$type":"usage","details":{}}]}]
            """
        );

        string[] items = [.. (await _app.AllAsync("ours")).Select(item => item.GetRawText())];

        Assert.Equal(
            [
                """{"id":"s","type":"message","status":"completed","role":"system","content":[{"type":"input_text","text":"Be brief."}]}""",
                """{"id":"u","type":"message","status":"completed","role":"user","content":[{"type":"input_text","text":"What is this?"},{"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"auto","file_id":null},{"type":"input_file","file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"},{"type":"input_image","image_url":"https://example.com/a.png","detail":"auto","file_id":null},{"type":"input_file","file_url":"https://example.com/a.pdf"},{"type":"input_file","file_id":"f"}]}""",
                """{"id":"rs_0_m","type":"reasoning","summary":[{"type":"summary_text","text":"why"}],"encrypted_content":"sealed"}""",
                """{"id":"m","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"A dot.","annotations":[]}]}""",
                """{"id":"fc_2_m","type":"function_call","status":"completed","call_id":"c","name":"f","arguments":"{\"a\":1}"}""",
                """{"id":"fco_0_t","type":"function_call_output","status":"completed","call_id":"c","output":"{\"ok\":true}"}""",
                """{"id":"fco_1_t","type":"function_call_output","status":"completed","call_id":"d","output":"text"}""",
                """{"id":"e","type":"message","status":"completed","role":"assistant","content":[]}""",
            ],
            items
        );
        foreach (string item in items)
        {
            string id = JsonDocument.Parse(item).RootElement.GetProperty("id").GetString()!;
            Assert.Equal(item, (await _app.OpenAiAsync("GET", $"/ours/items/{id}?{OpenAiRequests.Everything}")).GetRawText());
        }

        foreach (string none in (string[])["t", "fc_1_m", "fc_2_", "rs_0_m2", "fc_99999_m"])
        {
            await _app.Http.RefuseOpenAiAsync(
                HttpStatusCode.NotFound,
                "invalid_request_error",
                "item-not-found",
                "GET",
                $"/ours/items/{none}"
            );
        }
    }

    [Theory]
    [InlineData("asc", 1)]
    [InlineData("asc", 2)]
    [InlineData("asc", 3)]
    [InlineData("desc", 1)]
    [InlineData("desc", 2)]
    [InlineData("desc", 3)]
    public async Task Pages_go_on_within_a_message(string order, int limit)
    {
        string id = $"within-{order}-{limit}";
        const string Several =
            """{"role":"assistant","contents":[{"$type":"text","text":"1"},{"$type":"functionCall","callId":"a","name":"f"},{"$type":"functionCall","callId":"b","name":"f"},{"$type":"text","text":"2"}]}""";
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            $"{id}/messages",
            $$"""[{{Several}},{"role":"user","content":"between"},{{Several}}]"""
        );
        string[] all = [.. (await _app.AllAsync(id)).Select(item => item.GetProperty("id").GetString()!)];
        var seen = new List<string>();
        for (string? last = ""; last is not null;)
        {
            JsonElement page = await _app.OpenAiAsync("GET", $"/{id}/items?limit={limit}&order={order}&after={last}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            last = page.GetProperty("has_more").GetBoolean() ? page.GetProperty("last_id").GetString() : null;
        }

        Assert.Equal(9, all.Distinct().Count());
        Assert.Equal(order == "asc" ? all : all.Reverse(), seen);
    }

    [Fact]
    public async Task An_item_is_found_by_an_id_that_an_address_has_to_escape()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "escaped/messages",
            """[{"role":"user","messageId":"a b?c&#ä😀+","content":"x"}]"""
        );

        JsonElement item = await _app.OpenAiAsync("GET", $"/escaped/items/{Uri.EscapeDataString("a b?c&#ä😀+")}");

        Assert.Equal("a b?c&#ä😀+", item.GetProperty("id").GetString());
    }

    [Fact]
    public async Task What_was_exported_and_imported_has_the_same_items()
    {
        string id = await _app.NewConversationAsync(
            """{"items":[{"id":"a","role":"user","content":"x"},{"id":"b","type":"whatever","of":[1.50]}]}"""
        );
        JsonElement export = await _app.AskAsync(HttpStatusCode.OK, "GET", $"{id}/export");
        await _app.AskAsync(HttpStatusCode.Created, "POST", "imported/import", export.GetRawText());

        Assert.Equal(
            (await _app.AllAsync(id)).Select(item => item.GetRawText()),
            (await _app.AllAsync("imported")).Select(item => item.GetRawText())
        );
    }
}
