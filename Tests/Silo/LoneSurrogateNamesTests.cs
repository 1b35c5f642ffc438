using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>
/// JSON may hold an escape of half a pair of surrogates, in names as well. System.Text.Json fails at it wherever it looks a property up by
/// name or makes a string of it; the silo answers and keeps it.
/// </summary>
public sealed class LoneSurrogateNamesTests(SharedSilo silo)
{
    private const string Odd = """\ud800""";

    private readonly SiloTenant _app = silo.NewTenant();

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"k":{"\udc00":null,"b":1}}""")]
    [InlineData("""{"k":{"b":{"\ud800":1}}}""")]
    public async Task A_patch_of_metadata_is_read_whatever_its_names(string patch)
    {
        string id = $"meta-{Guid.NewGuid():N}";
        await _app.AskAsync(HttpStatusCode.Created, "PUT", id, """{"metadata":{"a":1,"k":{"x":2,"n":null}}}""");

        // What removes a name that cannot be there changes nothing; all else of the kind the database cannot search.
        if (patch.Contains("null", StringComparison.Ordinal))
        {
            JsonElement patched = await _app.AskAsync(HttpStatusCode.OK, "PATCH", id, $$"""{"metadata":{{patch}}}""");
            Assert.Equal("""{"a":1,"k":{"x":2,"n":null,"b":1}}""", patched.GetProperty("metadata").GetRawText());
            return;
        }

        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "PATCH",
            id,
            $$"""{"metadata":{{patch}}}"""
        );
        Assert.Equal("metadata", problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task Metadata_that_has_a_name_twice_is_patched()
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "twice", """{"metadata":{"a":1,"b":{"c":1,"c":2},"a":2}}""");

        JsonElement patched = await _app.AskAsync(HttpStatusCode.OK, "PATCH", "twice", """{"metadata":{"b":{"d":3}}}""");

        Assert.Equal("""{"a":2,"b":{"c":2,"d":3}}""", patched.GetProperty("metadata").GetRawText());
    }

    [Theory]
    [InlineData("""{"\ud800":"x","$type":"text"}""", """contents[0].\ud800""")]
    [InlineData("""{"$type":"text","\ud800":"x"}""", """contents[0].\ud800""")]
    [InlineData("""{"$\ud800":"text","text":"x"}""", "contents[0].$type")]
    public async Task A_content_with_such_a_name_is_refused_by_name(string content, string parameter)
    {
        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "POST",
            "content/messages",
            $$"""{"role":"user","contents":[{{content}}]}"""
        );
        Assert.Equal($"\"{parameter}\"", problem.GetProperty("parameter").GetRawText());
    }

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"$type":"text","\ud800":1}""")]
    [InlineData("""{"\u0024type":"text","text":"x","\udc00":1}""")]
    public async Task A_tool_result_with_such_a_name_is_kept(string result)
    {
        string id = $"tool-{Guid.NewGuid():N}";
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            id + "/messages",
            $$"""
            [{"role":"assistant","contents":[{"$type":"functionCall","callId":"c","name":"f","arguments":{{result}}}]},{"role":"tool","contents":[{"$type":"functionResult","callId":"c","result":{{result}}}]}]
            """
        );

        foreach (string query in (string[])["", "?maxTokens=1000"])
        {
            JsonElement messages = (await _app.AskAsync(HttpStatusCode.OK, "GET", $"{id}/messages{query}")).GetProperty("messages");
            Assert.Equal(result, messages[1].GetProperty("contents")[0].GetProperty("result").GetRawText());
        }
    }

    [Fact]
    public async Task Messages_with_such_properties_are_read_as_a_program_s_memory_and_recorded_as_memories()
    {
        await _app.AskAsync(
            HttpStatusCode.Created,
            "PUT",
            "program/memory-object?format=json",
            OrleansMemory.Tests.Client.Compatibility.AutoGrams.Documents.Paused
        );
        await _app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "program/messages",
            $$$"""{"role":"user","content":"x","additionalProperties":{"{{{Odd}}}":1} }"""
        );
        await _app.AskAsync(HttpStatusCode.OK, "GET", "program/memory-object");
        await _app.AskAsync(HttpStatusCode.Created, "POST", "/v1/memories", Recording("x", "1"));
        JsonElement recorded = await _app.AskAsync(HttpStatusCode.Created, "POST", "/v1/memories", Recording("caption", $"\"a{Odd}\""));
        JsonElement kept = await _app.AskAsync(
            HttpStatusCode.OK,
            "GET",
            $"/v1/memories/{recorded.GetProperty("memoryIds")[0].GetString()}"
        );
        Assert.Equal("a\uFFFD", kept.GetProperty("caption").GetString());

        static string Recording(string name, string value) =>
            $$$"""
                {"user":"u","messages":[{"role":"user","contents":[{"$type":"text","text":"t"},{"$type":"uri","uri":"https://x/y.png","mediaType":"image/png"}],"additionalProperties":{"{{{name}}}":{{{value}}},"{{{Odd}}}":1} }]}
                """;
    }
}
