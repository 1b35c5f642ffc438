using System.Net;
using System.Text;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenAi;

/// <summary>Whatever a body holds, it is taken or refused in OpenAI's shape, and what was taken can be listed.</summary>
public sealed class HostileItemTests(SharedSilo silo)
{
    private static readonly string[] Values =
    [
        "null",
        "true",
        "-1",
        "1e999",
        "\"\"",
        "\"x\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        """{"type":"input_text"}""",
        """[{"type":"output_text","text":"x"}]""",
        """[{"type":7}]""",
        "\"data:\"",
    ];

    private static readonly string[] Names =
    [
        "id",
        "type",
        "role",
        "content",
        "status",
        "call_id",
        "name",
        "arguments",
        "output",
        "summary",
        "encrypted_content",
        "result",
        "output_format",
        "text",
        "refusal",
        "image_url",
        "file_data",
        "filename",
        "\\ud800",
        "a/b",
        "",
    ];

    private static readonly string[] Types =
    [
        "message",
        "function_call",
        "function_call_output",
        "reasoning",
        "image_generation_call",
        "file_search_call",
        "web_search_call",
        "code_interpreter_call",
        "computer_call_output",
        "x",
    ];

    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task Nothing_is_a_fault_of_ours()
    {
        string id = await _app.NewConversationAsync();
        int taken = 0;
        foreach (int seed in Generated.Seeds(150))
        {
            var random = new Random(seed);
            string item = Item(random);
            using HttpResponseMessage response = await _app.SendAsync(
                "POST",
                $"{OpenAiRequests.Root}/{id}/items",
                $$"""{"items":[{{item}}]}"""
            );
            string answer = await response.Content.ReadAsStringAsync();
            Assert.True(
                response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest,
                $"seed {seed}: {(int)response.StatusCode} {answer} of {item}"
            );
            JsonElement root = JsonDocument.Parse(answer).RootElement;
            Assert.Equal(
                response.StatusCode == HttpStatusCode.OK ? "list" : Text(root.GetProperty("error"), "type"),
                response.StatusCode == HttpStatusCode.OK ? Text(root, "object") : "invalid_request_error"
            );
            taken += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        Assert.InRange(taken, 10, Generated.Count(150) - 10);
        int listed = 0;
        for (string? after = ""; after is not null;)
        {
            string path = $"/{id}/items?limit=100&after={Uri.EscapeDataString(after)}";
            JsonElement page = await _app.OpenAiAsync("GET", path);
            JsonElement whole = await _app.OpenAiAsync("GET", $"{path}&{OpenAiRequests.Everything}");
            Assert.Equal(page.GetProperty("data").GetArrayLength(), whole.GetProperty("data").GetArrayLength());
            listed += page.GetProperty("data").GetArrayLength();
            after = page.GetProperty("has_more").GetBoolean() ? Text(page, "last_id") : null;
        }

        Assert.Equal(taken, listed);
        await _app.AskAsync(HttpStatusCode.OK, "GET", $"{id}/messages?limit=1000&maxTokens=1000000");
    }

    [Fact]
    public async Task Nor_is_what_another_API_writes_in_the_place_of_an_item()
    {
        foreach (int seed in Generated.Seeds(50))
        {
            var random = new Random(seed);
            string places = random.Next(4) == 0 ? Pick(random, Values) : """["/content/0/text","/id","/output",null,"//","/content"]""";
            string properties = $$$"""{"OrleansMemory.OpenAiItem":{"item":{{{Item(random)}}},"places":{{{places}}} }}""";
            string body = $$"""{"role":"user","content":"x","additionalProperties":{{properties}} }""";
            using HttpResponseMessage written = await _app.SendAsync("POST", $"other-{seed}/messages", body);
            Assert.True(written.StatusCode is HttpStatusCode.Created or HttpStatusCode.BadRequest, $"seed {seed}: {written.StatusCode}");
            if (written.StatusCode == HttpStatusCode.Created)
            {
                Assert.Equal(1, (await _app.OpenAiAsync("GET", $"/other-{seed}/items")).GetProperty("data").GetArrayLength());
            }
        }
    }

    private static string Item(Random random)
    {
        var item = new StringBuilder("{");
        string separator = "";
        if (random.Next(5) > 0)
        {
            item.Append($"\"type\":\"{Pick(random, Types)}\"");
            separator = ",";
        }

        if (random.Next(3) > 0)
        {
            item.Append(separator)
                .Append(
                    """
                    "role":"assistant","content":[{"type":"output_text","text":"x","annotations":[]}],"call_id":"c","name":"f","arguments":"{}","summary":[]
                    """.Trim()
                );
            separator = ",";
        }

        for (int i = random.Next(3); i > 0; i--)
        {
            item.Append($"{separator}\"{Pick(random, Names)}\":{Pick(random, Values)}");
            separator = ",";
        }

        return item.Append('}').ToString();
    }

    private static string Pick(Random random, string[] values) => values[random.Next(values.Length)];

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString()!;
}
