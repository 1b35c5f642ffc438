using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenAi;

public sealed class OpenAiItemTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task Items_are_answered_whole_with_what_was_left_out_filled_in()
    {
        string id = await _app.NewConversationAsync();
        JsonElement list = await _app.OpenAiAsync(
            "POST",
            $"/{id}/items",
            """{"items":[{"role":"user","content":"Hi"},{"id":"msg_given","type":"message","role":"assistant","content":"Hello","status":"incomplete"}]}"""
        );

        JsonElement[] data = [.. list.GetProperty("data").EnumerateArray()];
        string first = data[0].GetProperty("id").GetString()!;
        Assert.Matches("^msg_[0-9a-f]{48}$", first);
        Assert.Equal(
            $$"""{"id":"{{first}}","type":"message","status":"completed","role":"user","content":[{"type":"input_text","text":"Hi"}]}""",
            data[0].GetRawText()
        );
        Assert.Equal(
            """{"id":"msg_given","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello","annotations":[]}],"status":"incomplete"}""",
            data[1].GetRawText()
        );
        Assert.Equal(
            ("list", first, "msg_given", false),
            (
                list.GetProperty("object").GetString(),
                list.GetProperty("first_id").GetString(),
                list.GetProperty("last_id").GetString(),
                list.GetProperty("has_more").GetBoolean()
            )
        );
        Assert.Equal(data.Select(item => item.GetRawText()), (await _app.AllAsync(id)).Select(item => item.GetRawText()));
        Assert.Equal(data[1].GetRawText(), (await _app.OpenAiAsync("GET", $"/{id}/items/msg_given")).GetRawText());
    }

    [Theory]
    [InlineData("asc", 7)]
    [InlineData("asc", 20)]
    [InlineData("desc", 1)]
    [InlineData("desc", 7)]
    public async Task Pages_go_on_behind_an_item_until_there_is_no_more(string order, int limit)
    {
        string id = await _app.NewConversationAsync();
        for (int turn = 0; turn < 2; turn++)
        {
            await _app.AddAsync(
                id,
                $"[{string.Join(',', Enumerable.Range(turn * 10, 10).Select(i => $$"""{"id":"msg_{{i}}","role":"user","content":"{{i}}"}"""))}]"
            );
        }

        var seen = new List<string>();
        for (string after = ""; ;)
        {
            JsonElement page = await _app.OpenAiAsync("GET", $"/{id}/items?limit={limit}&order={order}{after}");
            string[] ids = [.. page.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)];
            Assert.Equal((ids[0], ids[^1]), (page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString()));
            seen.AddRange(ids);
            Assert.Equal(seen.Count < 20, page.GetProperty("has_more").GetBoolean());
            if (seen.Count >= 20)
            {
                break;
            }

            after = $"&after={ids[^1]}";
        }

        IEnumerable<string> all = Enumerable.Range(0, 20).Select(i => $"msg_{i}");
        Assert.Equal(order == "asc" ? all : all.Reverse(), seen);
        Assert.Empty((await _app.OpenAiAsync("GET", $"/{id}/items?order={order}&after={seen[^1]}")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Without_parameters_a_list_is_the_newest_twenty()
    {
        string id = await _app.NewConversationAsync();
        await _app.AddAsync(
            id,
            $"[{string.Join(',', Enumerable.Range(0, 20).Select(i => $$"""{"id":"a{{i}}","role":"user","content":"x"}"""))}]"
        );
        await _app.AddAsync(id, """[{"id":"newest","role":"user","content":"x"}]""");

        JsonElement page = await _app.OpenAiAsync("GET", $"/{id}/items");

        Assert.Equal(20, page.GetProperty("data").GetArrayLength());
        Assert.Equal(
            ("newest", "a1", true),
            (page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString(), page.GetProperty("has_more").GetBoolean())
        );
    }

    [Fact]
    public async Task Of_two_messages_of_one_id_a_list_shows_both_and_goes_on()
    {
        // OpenAI's routes give an id once; others may give it again.
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "same/messages",
            """[{"role":"user","messageId":"x","content":"1"},{"role":"user","messageId":"y","content":"2"},{"role":"user","messageId":"x","content":"3"},{"role":"user","messageId":"z","content":"4"}]"""
        );
        foreach (string order in (string[])["asc", "desc"])
        {
            var seen = new List<string>();
            for (string? last = ""; last is not null;)
            {
                JsonElement page = await _app.OpenAiAsync("GET", $"/same/items?limit=1&order={order}&after={Uri.EscapeDataString(last)}");
                seen.AddRange(
                    page.GetProperty("data")
                        .EnumerateArray()
                        .Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()!)
                );
                last = page.GetProperty("has_more").GetBoolean() ? page.GetProperty("last_id").GetString() : null;
            }

            Assert.Equal(order == "asc" ? ["1", "2", "3", "4"] : ["4", "3", "2", "1"], seen);
        }
    }

    [Fact]
    public async Task Some_fields_are_answered_only_to_who_asks_for_them()
    {
        string id = await _app.NewConversationAsync();
        const string Items = """
            [{"id":"m1","type":"message","role":"user","content":[{"type":"input_image","detail":"low","image_url":"https://example.com/a.png"}]},
            {"id":"m2","type":"message","role":"assistant","content":[{"type":"output_text","text":"x","annotations":[],"logprobs":[{"token":"x"}]}]},
            {"id":"r","type":"reasoning","summary":[],"encrypted_content":"sealed"},
            {"id":"f","type":"file_search_call","results":[1]},{"id":"w","type":"web_search_call","results":[1],"action":{"type":"search","sources":[1]}},
            {"id":"c","type":"code_interpreter_call","outputs":[1]},{"id":"o","type":"computer_call_output","output":{"type":"computer_screenshot","image_url":"data:,x"}}]
            """;
        JsonElement[] whole = await _app.AddAsync(id, Items);

        string[] bare =
        [
            """{"id":"m1","type":"message","status":"completed","role":"user","content":[{"type":"input_image","detail":"low","image_url":null}]}""",
            """{"id":"m2","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"x","annotations":[]}]}""",
            """{"id":"r","type":"reasoning","summary":[]}""",
            """{"id":"f","type":"file_search_call"}""",
            """{"id":"w","type":"web_search_call","action":{"type":"search"}}""",
            """{"id":"c","type":"code_interpreter_call","outputs":null}""",
            """{"id":"o","type":"computer_call_output","output":{"type":"computer_screenshot"}}""",
        ];
        Assert.Equal(
            bare,
            (await _app.OpenAiAsync("GET", $"/{id}/items?order=asc")).GetProperty("data").EnumerateArray().Select(item => item.GetRawText())
        );
        string[] names =
        [
            "message.input_image.image_url",
            "message.output_text.logprobs",
            "reasoning.encrypted_content",
            "file_search_call.results",
            "web_search_call.results",
            "code_interpreter_call.outputs",
            "computer_call_output.output.image_url",
        ];
        for (int i = 0; i < names.Length; i++)
        {
            string sources = names[i] == "web_search_call.results" ? ",web_search_call.action.sources" : "";
            JsonElement one = await _app.OpenAiAsync(
                "GET",
                $"/{id}/items/{whole[i].GetProperty("id").GetString()}?include={names[i]}{sources}"
            );
            Assert.Equal(whole[i].GetRawText(), one.GetRawText());
            Assert.NotEqual(bare[i], one.GetRawText());
            string query = string.Join('&', names.Where(name => name != names[i]).Select((name, at) => $"include[{at}]={name}"));
            JsonElement others = await _app.OpenAiAsync("GET", $"/{id}/items/{whole[i].GetProperty("id").GetString()}?{query}");
            Assert.Equal(bare[i], others.GetRawText());
        }
    }

    [Fact]
    public async Task Items_that_are_sent_again_under_their_key_are_added_once()
    {
        string id = await _app.NewConversationAsync();
        const string Body = """{"items":[{"role":"user","content":"once"},{"id":"given","role":"user","content":"twice"}]}""";
        JsonElement first = await _app.OpenAiAsync("POST", $"/{id}/items", Body, ("Idempotency-Key", "add"));
        JsonElement again = await _app.OpenAiAsync("POST", $"/{id}/items", Body, ("Idempotency-Key", "add"));

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(2, (await _app.AllAsync(id)).Length);
        await _app.Http.RefuseOpenAiAsync(
            HttpStatusCode.Conflict,
            "invalid_request_error",
            "turn-conflict",
            "POST",
            $"/{id}/items",
            """{"items":[{"role":"user","content":"other"}]}""",
            ("Idempotency-Key", "add")
        );
        await _app.OpenAiAsync("DELETE", $"/{id}/items/given");
        await _app.Http.RefuseOpenAiAsync(
            HttpStatusCode.Gone,
            "invalid_request_error",
            "turn-messages-dropped",
            "POST",
            $"/{id}/items",
            Body,
            ("Idempotency-Key", "add")
        );
    }

    [Fact]
    public async Task An_id_is_given_once_and_nothing_is_added_otherwise()
    {
        string id = await _app.NewConversationAsync();
        await _app.AddAsync(id, """[{"id":"taken","role":"user","content":"x"}]""");

        foreach (
            (string items, string parameter) in ((string, string)[])
                [
                    ("""[{"role":"user","content":"x"},{"id":"taken","role":"user","content":"x"}]""", "items[1].id"),
                    (
                        """[{"id":"a","role":"user","content":"x"},{"role":"user","content":"x"},{"id":"a","role":"user","content":"x"}]""",
                        "items[2].id"
                    ),
                ]
        )
        {
            Assert.Equal(
                parameter,
                (
                    await _app.Http.RefuseOpenAiAsync(
                        HttpStatusCode.BadRequest,
                        "invalid_request_error",
                        "duplicate_item",
                        "POST",
                        $"/{id}/items",
                        $$"""{"items":{{items}}}"""
                    )
                ).Parameter
            );
        }

        Assert.Single(await _app.AllAsync(id));
    }
}
