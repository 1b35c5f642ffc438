using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class ConversationDeletionTests(SiloApp app) : IClassFixture<SiloApp>
{
    private const string Message = """{"role":"user","content":"hi"}""";

    [Fact]
    public async Task A_deletion_of_the_version_that_was_seen_is_refused_when_the_conversation_has_moved_on()
    {
        await app.AskAsync(HttpStatusCode.Created, "POST", "moved/messages", Message);
        await app.AskAsync(HttpStatusCode.Created, "POST", "moved/messages", Message);

        JsonElement problem = await app.RefuseAsync(HttpStatusCode.Conflict, "version-conflict", "DELETE", "moved?expectedVersion=1");

        Assert.Equal((1, 2), (problem.GetProperty("expectedVersion").GetInt64(), problem.GetProperty("actualVersion").GetInt64()));
        Assert.Equal(2, (await app.AskAsync(HttpStatusCode.OK, "DELETE", "moved?expectedVersion=2")).GetProperty("messages").GetInt64());
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "DELETE", "moved?expectedVersion=2");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deletion_that_is_sent_again_leaves_a_new_conversation_of_the_same_id_alone(bool encoded)
    {
        string id = $"reborn-{encoded}";
        await app.AskAsync(HttpStatusCode.Created, "POST", $"{id}/messages", Message);
        string seen = (await app.AskAsync(HttpStatusCode.OK, "GET", id)).GetProperty("createdAt").GetString()!;
        string deletion = $"{id}?expectedVersion=1&expectedCreatedAt={(encoded ? Uri.EscapeDataString(seen) : seen)}";
        await app.AskAsync(HttpStatusCode.OK, "DELETE", deletion);
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "DELETE", deletion);
        await app.AskAsync(HttpStatusCode.Created, "POST", $"{id}/messages", Message);

        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "DELETE", deletion);

        Assert.Equal(1, (await app.AskAsync(HttpStatusCode.OK, "GET", id)).GetProperty("version").GetInt64());
    }

    [Theory]
    [InlineData("expectedVersion=0", "expectedVersion")]
    [InlineData("expectedVersion=x", "expectedVersion")]
    [InlineData("expectedCreatedAt=yesterday", "expectedCreatedAt")]
    [InlineData("expectedCreatedAt=", "expectedCreatedAt")]
    [InlineData("version=1", "version")]
    public async Task What_is_expected_must_be_written_as_documented(string query, string parameter) =>
        Assert.Equal(
            parameter,
            (await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "DELETE", $"any?{query}"))
                .GetProperty("parameter")
                .GetString()
        );

    [Fact]
    public async Task The_document_of_the_api_names_what_can_be_expected()
    {
        JsonElement document = await app.AskAsync(HttpStatusCode.OK, "GET", "/openapi/v1.json");
        JsonElement delete = document.GetProperty("paths").GetProperty("/v1/conversations/{id}").GetProperty("delete");
        Assert.Superset(
            new HashSet<string> { "expectedVersion", "expectedCreatedAt" },
            delete.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()!).ToHashSet()
        );
        Assert.True(delete.GetProperty("responses").TryGetProperty("409", out _));
    }
}
