using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenAi;

/// <summary>An item that is deleted is in no API any more, and everything else is where it was.</summary>
public sealed class OpenAiDeletionTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_it_said_is_gone_from_every_API(int index)
    {
        string id = await _app.NewConversationAsync();
        JsonElement[] items = await _app.AddAsync(
            id,
            """[{"role":"user","content":"alpha"},{"type":"function_call","call_id":"c","name":"f","arguments":"{\"bravo\":1}"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"charlie","annotations":[]}]}]"""
        );
        string word = ((string[])["alpha", "bravo", "charlie"])[index];
        JsonElement conversation = await _app.OpenAiAsync("GET", $"/{id}");

        Assert.Equal(conversation.GetRawText(), (await _app.OpenAiAsync("DELETE", $"/{id}/items/{Id(items[index])}")).GetRawText());

        Assert.Equal(
            items.Where((_, i) => i != index).Select(item => item.GetRawText()),
            (await _app.AllAsync(id)).Select(item => item.GetRawText())
        );
        foreach (string path in (string[])["/messages", "/export", "/memory", $"/search?q={word}"])
        {
            using HttpResponseMessage response = await _app.SendAsync("GET", id + path);
            Assert.DoesNotContain(
                word,
                (await response.Content.ReadAsStringAsync()).Replace($"q={word}", "", StringComparison.Ordinal),
                StringComparison.Ordinal
            );
        }

        await _app.Http.RefuseOpenAiAsync(
            HttpStatusCode.NotFound,
            "invalid_request_error",
            "item-not-found",
            "GET",
            $"/{id}/items/{Id(items[index])}"
        );
        Assert.Equal(
            "item_id",
            (
                await _app.Http.RefuseOpenAiAsync(
                    HttpStatusCode.NotFound,
                    "invalid_request_error",
                    "item-not-found",
                    "DELETE",
                    $"/{id}/items/{Id(items[index])}"
                )
            ).Parameter
        );
    }

    [Fact]
    public async Task A_deletion_that_is_sent_again_under_its_key_is_answered_again()
    {
        string id = await _app.NewConversationAsync(
            """{"items":[{"id":"a","role":"user","content":"x"},{"id":"b","role":"user","content":"y"}]}"""
        );
        JsonElement first = await _app.OpenAiAsync("DELETE", $"/{id}/items/a", null, ("Idempotency-Key", "delete"));

        Assert.Equal(
            first.GetRawText(),
            (await _app.OpenAiAsync("DELETE", $"/{id}/items/a", null, ("Idempotency-Key", "delete"))).GetRawText()
        );
        await _app.Http.RefuseOpenAiAsync(
            HttpStatusCode.Conflict,
            "invalid_request_error",
            "turn-conflict",
            "DELETE",
            $"/{id}/items/b",
            null,
            ("Idempotency-Key", "delete")
        );
        await _app.Http.RefuseOpenAiAsync(
            HttpStatusCode.NotFound,
            "invalid_request_error",
            "item-not-found",
            "DELETE",
            $"/{id}/items/a",
            null,
            ("Idempotency-Key", "another")
        );
        Assert.Equal(["b"], (await _app.AllAsync(id)).Select(Id));
    }

    [Fact]
    public async Task Whoever_is_overtaken_over_and_over_is_told_to_come_again()
    {
        const int Items = 80;
        string id = await _app.NewConversationAsync();
        for (int i = 0; i < Items; i += 20)
        {
            await _app.AddAsync(
                id,
                $"[{string.Join(',', Enumerable.Range(i, 20).Select(n => $$"""{"id":"m{{n}}","role":"user","content":"x"}"""))}]"
            );
        }

        HttpStatusCode[] answers = (await Task.WhenAll(Enumerable.Range(0, Items).Select(DeleteAsync)))
            .SelectMany(static all => all)
            .ToArray();

        Assert.Equal(Items, answers.Count(static answer => answer == HttpStatusCode.OK));
        Assert.All(
            answers,
            static answer =>
                Assert.True(
                    answer is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests,
                    answer.ToString()
                )
        );
        Assert.Empty(await _app.AllAsync(id));

        async Task<List<HttpStatusCode>> DeleteAsync(int item)
        {
            var answered = new List<HttpStatusCode>();
            do
            {
                using HttpResponseMessage response = await _app.SendAsync("DELETE", $"{OpenAiRequests.Root}/{id}/items/m{item}");
                answered.Add(response.StatusCode);
            } while (answered[^1] != HttpStatusCode.OK && answered.Count < 1000);

            return answered;
        }
    }

    [Fact]
    public async Task Deletions_and_additions_at_the_same_time_lose_nothing_else()
    {
        string id = await _app.NewConversationAsync();
        await _app.AddAsync(
            id,
            $"[{string.Join(',', Enumerable.Range(0, 20).Select(i => $$"""{"id":"old{{i}}","role":"user","content":"x"}"""))}]"
        );

        await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(i => _app.OpenAiAsync("DELETE", $"/{id}/items/old{i * 2}"))
                .Concat(
                    Enumerable
                        .Range(0, 10)
                        .Select(i =>
                            _app.OpenAiAsync("POST", $"/{id}/items", $$"""{"items":[{"id":"new{{i}}","role":"user","content":"x"}]}""")
                        )
                )
        );

        string[] left = [.. (await _app.AllAsync(id)).Select(Id)];
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => $"old{(i * 2) + 1}"),
            left.Where(item => item.StartsWith("old", StringComparison.Ordinal))
        );
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => $"new{i}"),
            left.Where(item => item.StartsWith("new", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Of_a_message_with_several_items_one_is_deleted_and_the_others_keep_place_and_id()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "several/messages",
            """
            [{"role":"user","messageId":"before","content":"0"},
            {"role":"assistant","messageId":"m","authorName":"a","additionalProperties":{"k":1},"contents":[{"$type":"text","text":"1"},{"$type":"functionCall","callId":"c1","name":"f","arguments":{}},{"$type":"text","text":"2"},{"$type":"functionCall","callId":"c2","name":"g","arguments":{}}]},
            {"role":"tool","messageId":"msg_t","contents":[{"$type":"functionResult","callId":"c2","result":"ok"}]},{"role":"user","messageId":"after","content":"3"}]
            """
        );
        Assert.Equal(["before", "m", "fc_1_m", "msg_2_m", "fc_3_m", "fco_0_msg_t", "after"], (await _app.AllAsync("several")).Select(Id));
        JsonElement[] before = await _app.AllAsync("several");

        await _app.OpenAiAsync("DELETE", "/several/items/fc_1_m");

        JsonElement[] left = await _app.AllAsync("several");
        Assert.Equal(before.Where(item => Id(item) != "fc_1_m").Select(item => item.GetRawText()), left.Select(item => item.GetRawText()));
        JsonElement messages = (await _app.AskAsync(HttpStatusCode.OK, "GET", "several/messages")).GetProperty("messages");
        Assert.Equal(
            ["before", "m", "msg_2_m", "fc_3_m", "msg_t", "after"],
            messages.EnumerateArray().Select(message => message.GetProperty("messageId").GetString())
        );
        Assert.All(
            messages.EnumerateArray().Skip(1).Take(3),
            message =>
                Assert.Equal(
                    ("a", 1),
                    (message.GetProperty("authorName").GetString(), message.GetProperty("additionalProperties").GetProperty("k").GetInt32())
                )
        );
        await _app.OpenAiAsync("DELETE", "/several/items/fc_3_m");
        await _app.OpenAiAsync("DELETE", "/several/items/fco_0_msg_t");
        Assert.Equal(["before", "m", "msg_2_m", "after"], (await _app.AllAsync("several")).Select(Id));
    }

    [Fact]
    public async Task A_message_of_several_items_is_not_divided_where_too_much_stands_behind_it()
    {
        const string Several =
            """{"role":"assistant","messageId":"m","contents":[{"$type":"text","text":"1"},{"$type":"functionCall","callId":"c","name":"f"}]}""";
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "long/messages",
            $"[{Several},{string.Join(',', Enumerable.Repeat("""{"role":"user","content":"x"}""", 1_001))}]"
        );

        (string? parameter, string message) = await _app.Http.RefuseOpenAiAsync(
            HttpStatusCode.RequestEntityTooLarge,
            "invalid_request_error",
            "payload-too-large",
            "DELETE",
            "/long/items/fc_1_m"
        );

        Assert.Equal("item_id", parameter);
        Assert.Contains("1001", message, StringComparison.Ordinal);
        await _app.OpenAiAsync("GET", "/long/items/fc_1_m");
    }

    [Fact]
    public async Task A_fork_keeps_what_was_deleted_in_its_origin()
    {
        string id = await _app.NewConversationAsync(
            """{"items":[{"id":"a","role":"user","content":"x"},{"id":"b","role":"user","content":"y"}]}"""
        );
        await _app.AskAsync(HttpStatusCode.Created, "POST", id + "/fork", $$"""{"newId":"{{id}}-fork"}""");

        await _app.OpenAiAsync("DELETE", $"/{id}/items/a");

        Assert.Equal(["b"], (await _app.AllAsync(id)).Select(Id));
        Assert.Equal(["a", "b"], (await _app.AllAsync($"{id}-fork")).Select(Id));
    }

    private static string Id(JsonElement item) => item.GetProperty("id").GetString()!;
}
