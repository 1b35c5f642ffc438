using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Tests.Client.Compatibility.AutoGrams;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class MemoryObjectRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _app = silo.NewTenant();

    [Theory]
    [InlineData("json")]
    [InlineData("partial")]
    [InlineData("full")]
    public async Task What_is_read_can_be_written_elsewhere_and_is_the_same(string format)
    {
        JsonElement receipt = await _app.AskAsync(
            HttpStatusCode.Created,
            "PUT",
            $"from-{format}/memory-object?format=json",
            Documents.Paused
        );
        Assert.Equal("""{"version":1,"firstSequence":1,"lastSequence":5,"replayed":false}""", receipt.GetRawText());
        JsonElement first = await _app.AskAsync(HttpStatusCode.OK, "GET", $"from-{format}/memory-object?format={format}");

        await _app.AskAsync(HttpStatusCode.Created, "PUT", $"to-{format}/memory-object?format={format}", first.GetRawText());

        JsonElement second = await _app.AskAsync(HttpStatusCode.OK, "GET", $"to-{format}/memory-object?format={format}");
        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Equal(format != "json", first.TryGetProperty("memory_dict", out _));
        Assert.Equal(format == "full", first.TryGetProperty("config", out _));
        Assert.Equal(format == "full", first.TryGetProperty("root_function", out _));
    }

    [Fact]
    public async Task The_default_format_is_partial_and_an_unknown_one_is_refused()
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "default/memory-object?format=json", Documents.Paused);

        Assert.Equal(
            "partial",
            (await _app.AskAsync(HttpStatusCode.OK, "GET", "default/memory-object")).GetProperty("serialization_type").GetString()
        );
        foreach ((string method, string? body) in new[] { ("GET", null), ("PUT", "{}") })
        {
            JsonElement problem = await _app.RefuseAsync(
                HttpStatusCode.BadRequest,
                "invalid-request",
                method,
                "default/memory-object?format=pickle",
                body
            );
            Assert.Equal("format", problem.GetProperty("parameter").GetString());
        }
    }

    [Fact]
    public async Task A_put_is_made_once_under_one_key_and_only_onto_the_expected_version()
    {
        const string Path = "put/memory-object?format=json";
        await _app.AskAsync(HttpStatusCode.Created, "PUT", Path, Documents.Paused, ("Idempotency-Key", "p"));
        JsonElement again = await _app.AskAsync(HttpStatusCode.OK, "PUT", Path, Documents.Paused, ("Idempotency-Key", "p"));
        Assert.True(again.GetProperty("replayed").GetBoolean());
        await _app.RefuseAsync(
            HttpStatusCode.Conflict,
            "turn-conflict",
            "PUT",
            Path,
            Documents.With("version", "\"x\""),
            ("Idempotency-Key", "p")
        );

        JsonElement conflict = await _app.RefuseAsync(
            HttpStatusCode.Conflict,
            "version-conflict",
            "PUT",
            Path + "&expectedVersion=7",
            Documents.Paused
        );
        Assert.Equal(1, conflict.GetProperty("actualVersion").GetInt64());
        await _app.AskAsync(HttpStatusCode.Created, "PUT", Path + "&expectedVersion=1", Documents.Paused);
        JsonElement page = await _app.AskAsync(HttpStatusCode.OK, "GET", "put/messages");
        Assert.Equal(
            [6, 7, 8, 9, 10],
            page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("sequence").GetInt64())
        );
        Assert.Equal("""{"name":null}""", (await _app.AskAsync(HttpStatusCode.OK, "GET", "put/globals")).GetRawText());
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_what_is_wrong_is_named()
    {
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "unknown/memory-object");
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "plain", "{}");
        await _app.RefuseAsync(HttpStatusCode.NotFound, "memory-object-not-found", "GET", "plain/memory-object");
        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            "PUT",
            "plain/memory-object?format=json",
            Documents.With("stack", "[{}]")
        );
        Assert.Equal("stack[0].line_number", problem.GetProperty("parameter").GetString());
        await _app.RefuseAsync(HttpStatusCode.BadRequest, "malformed-json", "PUT", "plain/memory-object", "{");
    }

    [Fact]
    public async Task A_program_goes_on_with_what_was_put()
    {
        await _app.AskAsync(HttpStatusCode.Created, "PUT", "goes-on/memory-object?format=json", Documents.Paused);
        MemoryObject memory = await MemoryObject.OpenAsync(
            _app.Services.GetRequiredService<ConversationClient>().Get(_app.Name, "goes-on")
        );
        memory.AddUserReply("Ann");
        Assert.Equal("Ann", memory.ProcessCall().Frame!.Local<string>("name"));
        memory.ProcessReturn();
        await memory.CommitAsync();

        JsonElement after = await _app.AskAsync(HttpStatusCode.OK, "GET", "goes-on/memory-object?format=json");
        Assert.Equal(
            (0, 0, 5),
            (
                after.GetProperty("stack").GetArrayLength(),
                after.GetProperty("call_depth").GetInt32(),
                after.GetProperty("model_turns").GetArrayLength()
            )
        );
    }
}
