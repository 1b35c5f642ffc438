using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Client;
using OrleansMemory.Client.Windows;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>What a model would be sent, over HTTP: the window of the client, with its tokens.</summary>
public sealed class WindowRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Fact]
    public async Task It_is_the_window_of_the_client_with_the_tokens_of_each_message()
    {
        foreach (int seed in Generated.Seeds(8))
        {
            var random = new Random(seed);
            string id = string.Create(CultureInfo.InvariantCulture, $"w-{seed}");
            int count = 2 + random.Next(60);
            await _app.AskAsync(
                HttpStatusCode.Created,
                "POST",
                $"{id}/messages",
                "[" + string.Join(',', Enumerable.Range(0, count).SelectMany(i => Messages(random, i))) + "]"
            );
            int maxTokens = 60 + random.Next(900);
            int maxMessages = 5 + random.Next(60);

            JsonElement window = await _app.AskAsync(
                HttpStatusCode.OK,
                "GET",
                string.Create(CultureInfo.InvariantCulture, $"{id}/window?maxTokens={maxTokens}&maxMessages={maxMessages}")
            );

            Conversation conversation = _app.Services.GetRequiredService<ConversationClient>().Get(_app.Name, id);
            IReadOnlyList<ConversationMessage> expected = await conversation.GetWindowAsync(
                new ConversationWindow(new ConversationWindowOptions { MaxTokens = maxTokens, MaxMessages = maxMessages })
            );
            JsonElement[] shown = [.. window.GetProperty("messages").EnumerateArray()];
            Assert.Equal(
                expected.Select(static message => message.Sequence),
                shown.Select(static one => one.GetProperty("message").GetProperty("sequence").GetInt64())
            );
            Assert.Equal(
                expected.Select(static message => TokenEstimate.Of(message.Message)),
                shown.Select(static one => one.GetProperty("tokens").GetInt64())
            );
            Assert.Equal(shown.Sum(static one => one.GetProperty("tokens").GetInt64()), window.GetProperty("tokens").GetInt64());
            Assert.True(window.GetProperty("tokens").GetInt64() <= maxTokens);
            long all = (await _app.AskAsync(HttpStatusCode.OK, "GET", id)).GetProperty("messageCount").GetInt64();
            Assert.Equal(
                all - expected.Select(static message => message.Sequence).Distinct().Count(),
                window.GetProperty("leftOut").GetInt64()
            );
            Assert.All(
                shown.Where(static one => one.GetProperty("message").GetProperty("role").GetString() == "user"),
                static one => Assert.Equal("text", one.GetProperty("message").GetProperty("contents")[0].GetProperty("$type").GetString())
            );
        }
    }

    [Theory]
    [InlineData("maxTokens=0")]
    [InlineData("maxTokens=1000001")]
    [InlineData("maxTokens=x")]
    [InlineData("maxMessages=0")]
    [InlineData("maxMessages=1001")]
    [InlineData("maxMessage=1")]
    public async Task A_size_out_of_its_range_is_refused(string query)
    {
        await _app.AskAsync(HttpStatusCode.Created, "POST", "c/messages", """{"role":"user","content":"x"}""");

        await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "GET", $"c/window?{query}");
    }

    [Fact]
    public async Task An_unknown_conversation_has_none_and_system_messages_that_do_not_fit_are_told()
    {
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "nothing/window");
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "c/messages",
            """[{"role":"system","content":"You are a travel agent who knows everything about Lisbon."},{"role":"user","content":"x"}]"""
        );

        await _app.RefuseAsync(HttpStatusCode.Conflict, "window-too-small", "GET", "c/window?maxTokens=5");
    }

    private static IEnumerable<string> Messages(Random random, int index)
    {
        string text = new('w', 1 + random.Next(80));
        string call = string.Create(CultureInfo.InvariantCulture, $"call-{index}");
        return random.Next(6) switch
        {
            0 when index == 0 => [$$"""{"role":"system","content":"{{text}}"}"""],
            1 =>
            [
                $$$"""{"role":"assistant","contents":[{"$type":"functionCall","callId":"{{{call}}}","name":"f","arguments":{"a":"{{{text}}}"}}]}""",
                $$"""{"role":"tool","contents":[{"$type":"functionResult","callId":"{{call}}","result":"{{text}}"}]}""",
            ],
            2 => [$$"""{"role":"assistant","content":"{{text}}"}"""],
            _ => [$$"""{"role":"user","content":"{{text}}"}"""],
        };
    }
}
