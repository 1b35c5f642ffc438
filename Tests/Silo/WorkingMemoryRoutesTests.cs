using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class WorkingMemoryRoutesTests(ClockedSilo silo) : IClassFixture<ClockedSilo>
{
    private const string Path = "w/working-memory/WORKING_MEMORY";

    private readonly SiloTenant _app = silo.NewTenant();

    private ConversationClient Client => _app.Services.GetRequiredService<ConversationClient>();

    private Conversation W => Client.Get(_app.Name, "w");

    [Fact]
    public async Task Memories_of_all_kinds_are_listed_as_they_are_read_alone()
    {
        await _app.AskAsync(HttpStatusCode.OK, "PUT", "w/working-memory/LONG_TERM_MEMORY", """{"text":"long"}""");
        await _app.AskAsync(HttpStatusCode.OK, "PUT", Path, """{"text":"now"}""");

        JsonElement[] listed =
        [
            .. (await _app.AskAsync(HttpStatusCode.OK, "GET", "w/working-memory")).GetProperty("workingMemories").EnumerateArray(),
        ];

        Assert.Equal(2, listed.Length);
        foreach (JsonElement memory in listed)
        {
            Assert.Equal(
                (await _app.AskAsync(HttpStatusCode.OK, "GET", $"w/working-memory/{memory.GetProperty("type").GetString()}")).GetRawText(),
                memory.GetRawText()
            );
        }

        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "nothing/working-memory");
    }

    [Fact]
    public async Task A_memory_is_stored_read_updated_and_removed()
    {
        DateTimeOffset start = silo.Clock.GetUtcNow();
        JsonElement receipt = await _app.AskAsync(
            HttpStatusCode.OK,
            "PUT",
            Path,
            """{"workingMemory":"text \ud800","metadata":{"a":[1, null]}}"""
        );
        Assert.Equal("""{"version":1,"firstSequence":null,"lastSequence":null,"replayed":false}""", receipt.GetRawText());
        Assert.Equal(
            """{"type":"WORKING_MEMORY","key":"memory:WORKING_MEMORY:w","workingMemory":"text \ud800","metadata":{"a":[1, null]}"""
                + Times(start, start, start.AddHours(12)),
            (await _app.AskAsync(HttpStatusCode.OK, "GET", Path)).GetRawText()
        );

        silo.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, (await _app.AskAsync(HttpStatusCode.OK, "PATCH", Path, """{"text":"two"}""")).GetProperty("version").GetInt32());
        Assert.Equal(
            """{"type":"WORKING_MEMORY","key":"memory:WORKING_MEMORY:w","workingMemory":"two","metadata":{"a":[1, null]}"""
                + Times(start, start.AddHours(1), start.AddHours(12)),
            (await _app.AskAsync(HttpStatusCode.OK, "GET", Path)).GetRawText()
        );

        Assert.Equal(3, (await _app.AskAsync(HttpStatusCode.OK, "DELETE", Path)).GetProperty("version").GetInt32());
        await _app.RefuseAsync(HttpStatusCode.NotFound, "working-memory-not-found", "GET", Path);
        await _app.AskAsync(HttpStatusCode.OK, "DELETE", Path);
    }

    [Theory]
    [InlineData("short_term_memory", "SHORT_TERM_MEMORY")]
    [InlineData("Long_Term_Memory", "LONG_TERM_MEMORY")]
    public async Task Types_are_read_in_any_case(string given, string canonical)
    {
        await _app.AskAsync(HttpStatusCode.OK, "PUT", $"w/working-memory/{given}", """{"text":"x"}""");

        Assert.Equal(
            canonical,
            (await _app.AskAsync(HttpStatusCode.OK, "GET", $"w/working-memory/{canonical}")).GetProperty("type").GetString()
        );
        await _app.RefuseAsync(HttpStatusCode.NotFound, "working-memory-not-found", "GET", Path);
        Assert.Equal(canonical, Assert.Single(await W.GetEntriesAsync(EntrySpaces.WorkingMemory)).Key);
    }

    [Fact]
    public async Task A_life_is_12_hours_or_as_told_or_for_ever()
    {
        await _app.AskAsync(HttpStatusCode.OK, "PUT", "w/working-memory/short_term_memory", """{"text":"x","ttlSeconds":1.5}""");
        await _app.AskAsync(HttpStatusCode.OK, "PUT", "w/working-memory/long_term_memory", """{"text":"x","ttlSeconds":null}""");
        await _app.AskAsync(HttpStatusCode.OK, "PUT", Path, """{"text":"x"}""");

        silo.Clock.Advance(TimeSpan.FromSeconds(1.5));
        await _app.RefuseAsync(HttpStatusCode.NotFound, "working-memory-not-found", "GET", "w/working-memory/short_term_memory");
        await _app.RefuseAsync(
            HttpStatusCode.NotFound,
            "working-memory-not-found",
            "PATCH",
            "w/working-memory/short_term_memory",
            """{"text":"y"}"""
        );
        await _app.AskAsync(HttpStatusCode.OK, "GET", Path);
        silo.Clock.Advance(TimeSpan.FromHours(12));
        await _app.RefuseAsync(HttpStatusCode.NotFound, "working-memory-not-found", "GET", Path);
        Assert.Equal(
            JsonValueKind.Null,
            (await _app.AskAsync(HttpStatusCode.OK, "GET", "w/working-memory/long_term_memory")).GetProperty("expiresAt").ValueKind
        );
    }

    [Fact]
    public async Task An_unknown_conversation_is_not_found_except_by_storing()
    {
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", Path);
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "PATCH", Path, """{"text":"x"}""");
        await _app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "DELETE", Path);
        await _app.AskAsync(HttpStatusCode.Created, "POST", "w/messages", """{"role":"user","content":"hi"}""");
        await _app.RefuseAsync(HttpStatusCode.NotFound, "working-memory-not-found", "PATCH", Path, """{"text":"x"}""");
    }

    [Fact]
    public async Task Storing_happens_once_under_one_key_also_when_the_clock_has_moved()
    {
        await _app.AskAsync(HttpStatusCode.OK, "PUT", Path, """{"text":"one"}""", ("Idempotency-Key", "i"));
        silo.Clock.Advance(TimeSpan.FromHours(1));
        await _app.AskAsync(HttpStatusCode.OK, "PATCH", Path, """{"text":"two"}""");

        Assert.True(
            (await _app.AskAsync(HttpStatusCode.OK, "PUT", Path, """{"workingMemory":"one"}""", ("Idempotency-Key", "i")))
                .GetProperty("replayed")
                .GetBoolean()
        );

        Assert.Equal("two", (await _app.AskAsync(HttpStatusCode.OK, "GET", Path)).GetProperty("workingMemory").GetString());
        foreach (
            string other in (string[])["""{"text":"1"}""", """{"text":"one","metadata":{"a":1}}""", """{"text":"one","ttlSeconds":1}"""]
        )
        {
            await _app.RefuseAsync(HttpStatusCode.Conflict, "turn-conflict", "PUT", Path, other, ("Idempotency-Key", "i"));
        }

        await _app.RefuseAsync(HttpStatusCode.Conflict, "turn-conflict", "PATCH", Path, """{"text":"one"}""", ("Idempotency-Key", "i"));
        await _app.RefuseAsync(
            HttpStatusCode.Conflict,
            "turn-conflict",
            "PUT",
            "w/working-memory/LONG_TERM_MEMORY",
            """{"text":"one"}""",
            ("Idempotency-Key", "i")
        );
    }

    [Fact]
    public async Task Updating_happens_once_under_one_key_also_when_the_memory_is_gone()
    {
        await _app.AskAsync(HttpStatusCode.OK, "PUT", Path, """{"text":"one"}""");
        await _app.AskAsync(HttpStatusCode.OK, "PATCH", Path, """{"text":"two"}""", ("Idempotency-Key", "i"));
        await _app.AskAsync(HttpStatusCode.OK, "PUT", Path, """{"text":"three"}""");
        silo.Clock.Advance(TimeSpan.FromHours(1));

        JsonElement again = await _app.AskAsync(HttpStatusCode.OK, "PATCH", Path, """{"text":"two"}""", ("Idempotency-Key", "i"));
        Assert.Equal((2, true), (again.GetProperty("version").GetInt32(), again.GetProperty("replayed").GetBoolean()));
        Assert.Equal("three", (await _app.AskAsync(HttpStatusCode.OK, "GET", Path)).GetProperty("workingMemory").GetString());

        await _app.AskAsync(HttpStatusCode.OK, "DELETE", Path, null, ("Idempotency-Key", "d"));
        Assert.True(
            (await _app.AskAsync(HttpStatusCode.OK, "PATCH", Path, """{"text":"two"}""", ("Idempotency-Key", "i")))
                .GetProperty("replayed")
                .GetBoolean()
        );
        Assert.True(
            (await _app.AskAsync(HttpStatusCode.OK, "DELETE", Path, null, ("Idempotency-Key", "d"))).GetProperty("replayed").GetBoolean()
        );
        await _app.RefuseAsync(
            HttpStatusCode.NotFound,
            "working-memory-not-found",
            "PATCH",
            Path,
            """{"text":"two"}""",
            ("Idempotency-Key", "new")
        );
        await _app.RefuseAsync(HttpStatusCode.Conflict, "turn-conflict", "PATCH", Path, """{"text":"2"}""", ("Idempotency-Key", "i"));
    }

    [Theory]
    [InlineData("PUT", "{}", "workingMemory")]
    [InlineData("PUT", """{"text":"a","workingMemory":"a"}""", "workingMemory")]
    [InlineData("PUT", """{"text":null}""", "workingMemory")]
    [InlineData("PUT", """{"text":1}""", "text")]
    [InlineData("PUT", """{"text":"a","metadata":[]}""", "metadata")]
    [InlineData("PUT", """{"text":"a","metadata":{"x":1,"x":2}}""", "metadata.x")]
    [InlineData("PUT", """{"text":"a","ttlSeconds":0}""", "ttlSeconds")]
    [InlineData("PUT", """{"text":"a","ttlSeconds":0.0000001}""", "ttlSeconds")]
    [InlineData("PUT", """{"text":"a","ttlSeconds":"1"}""", "ttlSeconds")]
    [InlineData("PUT", """{"text":"a","data":1}""", "data")]
    [InlineData("PATCH", "{}", "workingMemory")]
    [InlineData("PATCH", """{"text":"a","metadata":{}}""", "metadata")]
    [InlineData("PATCH", """{"text":"a","ttlSeconds":1}""", "ttlSeconds")]
    [InlineData("PATCH", "[]", "body")]
    public async Task A_bad_body_is_refused_by_field(string method, string body, string parameter)
    {
        JsonElement problem = await _app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", method, Path, body);

        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("GET")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_type_that_is_none_is_refused(string method)
    {
        string? body = method is "PUT" or "PATCH" ? """{"text":"a"}""" : null;

        JsonElement problem = await _app.RefuseAsync(
            HttpStatusCode.BadRequest,
            "invalid-request",
            method,
            "w/working-memory/episodic",
            body
        );

        Assert.Equal("type", problem.GetProperty("parameter").GetString());
        Assert.Contains("LONG_TERM_MEMORY", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_over_the_limit_names_its_field()
    {
        JsonElement large = await _app.RefuseAsync(
            HttpStatusCode.RequestEntityTooLarge,
            "payload-too-large",
            "PUT",
            Path,
            $$"""{"text":"{{new string('x', 1024 * 1024)}}"}"""
        );
        Assert.Equal("workingMemory", large.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task What_another_program_left_there_is_told_and_can_be_replaced()
    {
        await W.SetEntryAsync(EntrySpaces.WorkingMemory, "WORKING_MEMORY", "1");

        await _app.RefuseAsync(HttpStatusCode.Conflict, "unreadable-value", "GET", Path);
        await _app.RefuseAsync(HttpStatusCode.Conflict, "unreadable-value", "PATCH", Path, """{"text":"x"}""");
        await _app.AskAsync(HttpStatusCode.OK, "PUT", Path, """{"text":"x"}""");
    }

    [Fact]
    public async Task What_the_library_stores_is_served_and_the_other_way_round()
    {
        var manager = new GrainMemoryManager(
            Client,
            new MemoryManagerOptions { Tenant = _app.Name },
            TimeProvider.System,
            NullLogger<GrainMemoryManager>.Instance
        );
        await manager.StoreAsync(new MemoryInput { ConversationId = "w", Data = [new WorkingMemory("from the library")] });
        Assert.Equal("from the library", (await _app.AskAsync(HttpStatusCode.OK, "GET", Path)).GetProperty("workingMemory").GetString());

        await _app.AskAsync(HttpStatusCode.OK, "PATCH", Path, """{"text":"over HTTP"}""");
        Assert.Equal("over HTTP", Assert.Single(await manager.RetrieveAsync(new MemoryInput { ConversationId = "w" })).Text);
    }

    private static string Times(DateTimeOffset created, DateTimeOffset updated, DateTimeOffset expires) =>
        $$""","createdAt":{{JsonSerializer.Serialize(created)}},"lastUpdate":{{JsonSerializer.Serialize(updated)}},"expiresAt":{{JsonSerializer.Serialize(expires)}}}""";
}
