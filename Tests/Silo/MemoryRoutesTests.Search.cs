using System.Net;
using System.Text.Json;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed partial class MemoryRoutesTests
{
    [Fact]
    public async Task A_caption_is_recalled_and_a_question_counts_from_the_callers_instant()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """
            {"user":"img","messages":[
              {"role":"user","content":"Look!","createdAt":"2024-05-06T08:00:00Z","contents":null,"additionalProperties":{"caption":"a lighthouse at dusk"}},
              {"role":"user","content":"The meeting went well.","createdAt":"2024-05-06T08:00:00Z"},
              {"role":"user","content":"The meeting was a mess.","createdAt":"2024-07-20T08:00:00Z"}]}
            """
        );

        JsonElement found = await SearchAsync("""{"user":"img","query":"lighthouse","limit":1}""");

        Assert.Equal("a lighthouse at dusk", Text(found.GetProperty("memories")[0].GetProperty("memory"), "caption"));
        Assert.Equal(
            "The meeting went well.",
            (await RecalledAsync("""{"user":"img","query":"How was the meeting yesterday?","referenceInstant":"2024-05-07T12:00:00Z"}"""))[
                0
            ]
        );
        Assert.Equal(
            "The meeting was a mess.",
            (await RecalledAsync("""{"user":"img","query":"How was the meeting yesterday?","referenceInstant":"2024-07-21T12:00:00Z"}"""))[
                0
            ]
        );
    }

    [Theory]
    [InlineData("""{"stars":4}""", "one")]
    [InlineData("""{"stars":4.0,"city":"Oslo"}""", "one")]
    [InlineData("""{"stars":{"atLeast":4,"below":6}}""", "one two")]
    [InlineData("""{"city":["Oslo","Rome"]}""", "one two")]
    [InlineData("""{"tags":{"all":["sea","quiet"]}}""", "one")]
    [InlineData("""{"tags":{"none":"sea"}}""", "three two")]
    [InlineData("""{"booked":{"above":"2026-06-01"}}""", "two")]
    [InlineData("""{"$or":[{"city":"Rome"},{"tags":{"any":["quiet"]}}]}""", "one two")]
    [InlineData("""{"$or":[{"city":"Rome"},{"city":"Oslo"}],"stars":{"above":4}}""", "two")]
    [InlineData("""{"$and":[{"city":"Rome"},{"stars":5,"open":true}]}""", "two")]
    [InlineData("""{"city":"Rome","open":true,"stars":5}""", "two")]
    public async Task A_search_is_narrowed_by_filters_on_metadata(string filters, string found)
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """{"user":"hotels","contents":["one"],"metadata":{"stars":4.0,"city":"Oslo","tags":["sea","quiet"]}}"""
        );
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """{"user":"hotels","contents":["two"],"metadata":{"stars":5,"city":"Rome","open":true,"booked":"2026-07-01T10:00:00Z"}}"""
        );
        await _app.AskAsync(HttpStatusCode.Created, "POST", Route, """{"user":"hotels","contents":["three"],"metadata":{"stars":"4"}}""");
        string[] texts = await RecalledAsync($$"""{"user":"hotels","query":"one two three","filters":{{filters}}}""");
        Assert.Equal(found, string.Join(' ', texts.Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Broken_text_is_kept_beside_its_neighbours_and_asked_about()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """{"user":"odd","contents":["half \ud83d needle","null \u0000 needle","whole needle"]}"""
        );
        Assert.Equal(3, (await RecalledAsync("""{"user":"odd","kind":null,"limit":null,"query":"needle"}""")).Length);
        Assert.Equal(
            ["half \ufffd needle", "null \ufffd needle", "whole needle"],
            (await RecalledAsync("""{"user":"odd","query":"needle \ud83d"}""")).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_search_counts_equal_facts_and_asks_for_what_an_agent_knows_of_no_user()
    {
        for (int i = 0; i < 3; i++)
        {
            await _app.AskAsync(HttpStatusCode.Created, "POST", Route, """{"agent":"alone","contents":["Lemons are sour."]}""");
        }

        await _app.AskAsync(HttpStatusCode.Created, "POST", Route, """{"agent":"alone","user":"u","contents":["Lemons are yellow."]}""");
        Assert.Equal(2, (await RecalledAsync("""{"agent":"alone","query":"lemons"}""")).Length);
        JsonElement own = await SearchAsync("""{"agent":"alone","query":"lemons","without":["user"]}""");
        Assert.Equal(3, Assert.Single(own.GetProperty("memories").EnumerateArray()).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_search_leaves_out_a_conversation_and_what_fits_much_worse_than_the_best()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """{"user":"narrow","conversationId":"here","contents":["green tea in the garden"]}"""
        );
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            Route,
            """{"user":"narrow","contents":["green tea in Kyoto","a garden of stones"]}"""
        );

        Assert.Equal(3, (await RecalledAsync("""{"user":"narrow","query":"green tea garden"}""")).Length);
        Assert.Equal(2, (await RecalledAsync("""{"user":"narrow","query":"green tea garden","exceptConversation":"here"}""")).Length);
        Assert.Equal(["green tea in the garden"], await RecalledAsync("""{"user":"narrow","query":"green tea garden","minScore":1}"""));
    }
}
