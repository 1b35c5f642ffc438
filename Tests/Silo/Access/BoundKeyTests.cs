using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansMemory.Tests.Client.Compatibility.AutoGrams;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Access;

/// <summary>
/// A key that is bound to a user, at every route: what is the user's works, and of what is another's or no one's nothing is read or
/// changed.
/// </summary>
public sealed partial class BoundKeyTests(BoundKeyTests.App app) : IClassFixture<BoundKeyTests.App>
{
    private const string Ada = "ada";
    private const string Bob = "bob";

    private static readonly (string, string) Admin = ("Authorization", "Bearer key-of-the-administrator");
    private static readonly (string, string) BoundToAda = ("Authorization", "Bearer key-of-the-user-ada");

    private static readonly string[] OfTenants = ["/v1/tenant", "/v1/usage", "/v1/audit", "/v1/silos"];

    // These are about the caller, whoever it is.
    private static readonly string[] OfCallers = [EndpointSamples.Mcp, "GET /v1/caller"];

    public static TheoryData<string> Routes =>
        [.. EndpointSamples.All.Keys.Where(route => !OfCallers.Contains(route) && !route.EndsWith(".json", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Only_what_is_the_users_is_read_and_changed(string route)
    {
        EndpointOwner ada = await MakeAsync(Ada);
        EndpointOwner[] others = [await MakeAsync(Bob), await MakeAsync(null)];
        string method = route.Split(' ')[0];
        bool isTenant = OfTenants.Any(part => route.Contains(part, StringComparison.Ordinal));

        // Others first: whatever a request about them leaves behind would show below.
        string before = await SeenAsync(others);
        foreach (EndpointOwner other in others)
        {
            (HttpStatusCode status, string body) = await SendAsync(method, Sample(route, other));
            AssertHidden(body, others);
            if (
                route.Contains("/v1/conversations/{id}", StringComparison.Ordinal)
                || route.Contains("/v1/memories/{id}", StringComparison.Ordinal)
            )
            {
                bool isImport = route.EndsWith("/import", StringComparison.Ordinal);
                Assert.Equal((isImport ? HttpStatusCode.Conflict : HttpStatusCode.NotFound, body), (status, body));

                // Word for word what is said of an id that does not exist; where a request would begin something under such an id, what a
                // read of it says.
                EndpointOwner missing = ada with
                {
                    Conversation = $"missing-{Guid.NewGuid():N}",
                    Program = $"missing-{Guid.NewGuid():N}",
                    Memory = Guid.NewGuid().ToString("N"),
                };
                (HttpStatusCode ofMissing, string expected) = await SendAsync(method, Sample(route, missing));
                Assert.True(
                    isImport
                        || (
                            ofMissing == HttpStatusCode.NotFound
                                ? WithoutTrace(body) == WithoutTrace(expected)
                                : body.Contains("conversation-not-found", StringComparison.Ordinal)
                        ),
                    $"{body} {expected}"
                );
            }
            else if (other.User is not null || isTenant)
            {
                Assert.Equal((HttpStatusCode.Forbidden, body), (status, body));
                Assert.Contains(isTenant ? "role-too-low" : "user-not-allowed", body, StringComparison.Ordinal);
            }
        }

        Assert.Equal(before, await SeenAsync(others));
        if (!isTenant)
        {
            EndpointSample own = Sample(
                route,
                route.EndsWith("/import", StringComparison.Ordinal) ? ada with { Conversation = $"{ada.Conversation}-in" } : ada
            );
            (HttpStatusCode status, string body) = await SendAsync(method, own);
            Assert.True((int)status is >= 200 and < 300, $"{status}: {body}");
            AssertHidden(body, others);
        }

        Assert.Equal(before, await SeenAsync(others));
    }

    [Theory]
    [InlineData("PUT", "new", """{"userId":"bob"}""")]
    [InlineData("POST", "new/turns", """{"messages":[{"role":"user","content":"x"}],"settings":{"userId":"bob"}}""")]
    [InlineData(
        "POST",
        "new/import",
        """{"format":"orleans-memory.conversation","formatVersion":1,"settings":{"userId":"bob"},"entries":[],"firstSequence":1,"lastSequence":0,"messages":[]}"""
    )]
    public async Task Nothing_is_begun_for_another_user(string method, string path, string body)
    {
        (HttpStatusCode status, string answer) = await SendAsync(method, new EndpointSample("/v1/conversations/" + path, body));

        Assert.True(status == HttpStatusCode.Forbidden && answer.Contains("user-not-allowed", StringComparison.Ordinal), answer);
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "new", null, Admin);
    }

    [Fact]
    public async Task What_is_begun_without_a_user_is_the_keys_and_cannot_be_given_away()
    {
        string id = $"mine-{Guid.NewGuid():N}";
        await app.AskAsync(HttpStatusCode.Created, "POST", $"{id}/messages", """{"role":"user","content":"x"}""", BoundToAda);
        await app.AskAsync(HttpStatusCode.OK, "PUT", id, """{"title":"t"}""", BoundToAda);
        await app.AskAsync(HttpStatusCode.OK, "PATCH", id, """{"userId":null}""", BoundToAda);
        await app.RefuseAsync(HttpStatusCode.Forbidden, "user-not-allowed", "PATCH", id, """{"userId":"bob"}""", BoundToAda);

        Assert.Equal(Ada, (await app.AskAsync(HttpStatusCode.OK, "GET", id, null, Admin)).GetProperty("userId").GetString());
    }

    [Fact]
    public async Task What_names_no_user_is_about_the_keys_own()
    {
        EndpointOwner ada = await MakeAsync(Ada);
        EndpointOwner bob = await MakeAsync(Bob);

        JsonElement list = await app.AskAsync(HttpStatusCode.OK, "GET", "/v1/conversations?limit=200", null, BoundToAda);
        JsonElement found = await app.AskAsync(
            HttpStatusCode.OK,
            "GET",
            $"/v1/search?q={EndpointSamples.Mark}&limit=100",
            null,
            BoundToAda
        );
        JsonElement memories = await app.AskAsync(HttpStatusCode.OK, "GET", "/v1/memories?session=s&limit=200", null, BoundToAda);
        JsonElement recalled = await app.AskAsync(
            HttpStatusCode.OK,
            "POST",
            "/v1/memories/search",
            $$"""{"session":"s","query":"{{EndpointSamples.Mark}}"}""",
            BoundToAda
        );

        foreach (JsonElement answer in (JsonElement[])[list, found, memories, recalled])
        {
            AssertHidden(answer.GetRawText(), [bob]);
            Assert.Contains(Ada, answer.GetRawText(), StringComparison.Ordinal);
        }

        Assert.Contains(ada.Conversation, list.GetRawText(), StringComparison.Ordinal);
    }

    // Each request has a trace of its own.
    private static string WithoutTrace(string problem) =>
        Regex.Replace(problem, "\"traceId\":\"[^\"]*\"", "", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static void AssertHidden(string body, IEnumerable<EndpointOwner> others) =>
        Assert.All(
            others,
            other => Assert.DoesNotContain($"{EndpointSamples.Mark} {other.User ?? "nobody"}", body, StringComparison.Ordinal)
        );

    private static EndpointSample Sample(string route, EndpointOwner owner)
    {
        EndpointSample sample = EndpointSamples.All[route](owner);
        return sample.Body is not ""
            ? sample
            : sample with
            {
                Body =
                    """{"format":"orleans-memory.conversation","formatVersion":1,"settings":{},"entries":[],"firstSequence":1,"lastSequence":0,"messages":[]}""",
            };
    }

    private async Task<EndpointOwner> MakeAsync(string? user)
    {
        string text = $"{EndpointSamples.Mark} {user ?? "nobody"}";
        string settings = user is null ? "{}" : $$"""{"userId":"{{user}}"}""";
        string id = $"{user ?? "nobody"}-{Guid.NewGuid():N}";
        await app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            $"{id}/turns",
            $$"""{"turnId":"t","settings":{{settings}},"messages":[{"role":"user","messageId":"m","content":"{{text}}"}],"globals":{"g":"{{text}}"},"entries":[{"namespace":"n","key":"k","value":"{{text}}"}]}""",
            Admin
        );
        await app.AskAsync(HttpStatusCode.OK, "PUT", $"{id}/working-memory/WORKING_MEMORY", $$"""{"text":"{{text}}"}""", Admin);
        await app.AskAsync(HttpStatusCode.Created, "PUT", $"{id}-p", settings, Admin);
        await app.AskAsync(HttpStatusCode.Created, "PUT", $"{id}-p/memory-object?format=json", Documents.Paused, Admin);
        string scope = user is null ? "" : $"\"user\":\"{user}\",";
        JsonElement recorded = await app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            "/v1/memories",
            $$"""{"session":"s",{{scope}}"contents":["{{text}}"]}""",
            Admin
        );
        return new EndpointOwner(user, id, $"{id}-p", recorded.GetProperty("memoryIds")[0].GetString()!);
    }

    /// <summary>All there is of owners, as an administrator reads it.</summary>
    private async Task<string> SeenAsync(IEnumerable<EndpointOwner> owners)
    {
        List<string> seen = [];
        foreach (EndpointOwner owner in owners)
        {
            string lists = owner.User is null ? "" : $"?userId={owner.User}&limit=200";
            foreach (
                string path in (string[])
                    [
                        $"/v1/conversations/{owner.Conversation}",
                        $"/v1/conversations/{owner.Conversation}/export",
                        $"/v1/conversations/{owner.Program}/export",
                        $"/v1/memories/{owner.Memory}/history",
                        owner.User is null ? "/v1/memories?session=s&kind=fact&limit=200" : $"/v1/memories?user={owner.User}&limit=200",
                        owner.User is null ? $"/v1/conversations/{owner.Program}" : $"/v1/conversations{lists}",
                    ]
            )
            {
                using HttpResponseMessage response = await app.SendAsync("GET", path, null, Admin);
                string body = await response.Content.ReadAsStringAsync();
                Assert.True(response.IsSuccessStatusCode, body);
                seen.Add(
                    owner.User is null && path.Contains("session=s", StringComparison.Ordinal)
                        ? OfNobody(body)
                        : ExportedAt().Replace(body, "")
                );
            }
        }

        return string.Join('\n', seen);
    }

    // A list of everybody's memories has ada's new ones too.
    private static string OfNobody(string page)
    {
        using var document = JsonDocument.Parse(page);
        return string.Join(
            '\n',
            document
                .RootElement.GetProperty("memories")
                .EnumerateArray()
                .Where(memory => memory.GetProperty("user").ValueKind == JsonValueKind.Null)
                .Select(memory => memory.GetRawText())
        );
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, EndpointSample sample)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), sample.Path)
        {
            Content = sample.Body is null ? null : new StringContent(sample.Body, Encoding.UTF8, sample.ContentType),
        };
        request.Headers.TryAddWithoutValidation(BoundToAda.Item1, BoundToAda.Item2);
        if (sample.User is { } user)
        {
            request.Headers.TryAddWithoutValidation("OrleansMemory-User", user);
        }

        using HttpResponseMessage response = await app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync()
        );
    }

    [GeneratedRegex("\"exportedAt\":\"[^\"]*\"", RegexOptions.None, 1_000)]
    private static partial Regex ExportedAt();

    public sealed class App : SiloApp
    {
        public App()
        {
            With("OrleansMemory:ApiKeys:0:Key", "key-of-the-administrator")
                .With("OrleansMemory:ApiKeys:0:Tenant", "t")
                .With("OrleansMemory:ApiKeys:0:Role", "TenantAdministrator");
            With("OrleansMemory:ApiKeys:1:Key", "key-of-the-user-ada")
                .With("OrleansMemory:ApiKeys:1:Tenant", "t")
                .With("OrleansMemory:ApiKeys:1:User", Ada);
        }
    }
}
