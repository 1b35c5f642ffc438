using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>Usage, quotas, the audit trail, and all of a user, over HTTP.</summary>
public sealed class UsageRoutesTests : IAsyncLifetime
{
    private const string OperatorKey = "key-of-the-operator-1";
    private const string AdminKey = "key-of-administrator-1";
    private const string WriterKey = "key-of-the-writer-001";

    private readonly SiloApp _app = new();

    public ValueTask InitializeAsync()
    {
        _app.With($"OrleansMemory:ApiKeys:{OperatorKey}:Role", "Operator")
            .With($"OrleansMemory:ApiKeys:{AdminKey}:Tenant", "acme")
            .With($"OrleansMemory:ApiKeys:{AdminKey}:Role", "TenantAdministrator")
            .With($"OrleansMemory:ApiKeys:{WriterKey}:Tenant", "acme")
            .With($"OrleansMemory:ApiKeys:{WriterKey}:Role", "Writer");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_tenant_sees_what_it_uses_and_an_operator_sees_all()
    {
        await WriteAsync("one", "ada", 3);
        await WriteAsync("two", "bob", 1);
        await AskAsync(WriterKey, HttpStatusCode.Created, "POST", "/v1/memories", """{"user":"ada","contents":["Ada likes tea."]}""");

        JsonElement own = await AskAsync(AdminKey, HttpStatusCode.OK, "GET", "/v1/usage");
        JsonElement days = await AskAsync(AdminKey, HttpStatusCode.OK, "GET", "/v1/usage/days?days=2");
        JsonElement largest = await AskAsync(AdminKey, HttpStatusCode.OK, "GET", "/v1/usage/conversations?limit=1");
        JsonElement hottest = await AskAsync(AdminKey, HttpStatusCode.OK, "GET", "/v1/usage/conversations?order=hottest");
        JsonElement users = await AskAsync(AdminKey, HttpStatusCode.OK, "GET", "/v1/usage/users");
        JsonElement named = await AskAsync(OperatorKey, HttpStatusCode.OK, "GET", "/v1/usage", null, ("OrleansMemory-Tenant", "acme"));
        JsonElement tenants = await AskAsync(OperatorKey, HttpStatusCode.OK, "GET", "/v1/tenants?limit=1");

        Assert.Equal(
            ("acme", 2, 4, 1),
            (own.GetProperty("tenant").GetString(), Number(own, "conversations"), Number(own, "messages"), Number(own, "memories"))
        );
        Assert.Equal(JsonValueKind.Null, own.GetProperty("quotas").GetProperty("maxBytes").ValueKind);
        Assert.Equal((6, 4), (Number(days.GetProperty("days")[0], "turns"), Number(days.GetProperty("days")[0], "messages")));
        Assert.Equal("one", Assert.Single(largest.GetProperty("conversations").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(
            ["one", "two"],
            hottest.GetProperty("conversations").EnumerateArray().Select(row => row.GetProperty("id").GetString())
        );
        Assert.Equal(["ada", "bob"], users.GetProperty("users").EnumerateArray().Select(row => row.GetProperty("userId").GetString()));
        Assert.Equal(own.GetRawText(), named.GetRawText());
        Assert.Equal("acme", Assert.Single(tenants.GetProperty("tenants").EnumerateArray()).GetProperty("tenant").GetString());
        Assert.Equal("acme", tenants.GetProperty("next").GetString());
        Assert.Empty(
            (await AskAsync(OperatorKey, HttpStatusCode.OK, "GET", "/v1/tenants?cursor=acme")).GetProperty("tenants").EnumerateArray()
        );
    }

    [Theory]
    [InlineData(WriterKey, "GET", "/v1/usage")]
    [InlineData(WriterKey, "GET", "/v1/audit")]
    [InlineData(AdminKey, "GET", "/v1/tenants")]
    [InlineData(AdminKey, "GET", "/v1/tenants/acme/quotas")]
    [InlineData(AdminKey, "PUT", "/v1/tenants/acme/quotas")]
    [InlineData(AdminKey, "GET", "/v1/audit?allTenants=true")]
    public async Task Who_may_not_see_it_is_refused(string key, string method, string path)
    {
        using HttpResponseMessage response = await _app.SendAsync(method, path, method == "PUT" ? "{}" : null, Bearer(key));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("/v1/usage/days?days=0")]
    [InlineData("/v1/usage/users?limit=1001")]
    [InlineData("/v1/usage/conversations?order=other")]
    [InlineData("/v1/usage/conversations?withinSeconds=60")]
    [InlineData("/v1/audit?userId=a&conversationId=b")]
    public async Task What_is_out_of_range_is_refused(string path)
    {
        using HttpResponseMessage response = await _app.SendAsync("GET", path, null, Bearer(AdminKey));
        await SiloApp.ProblemAsync(response, HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task A_quota_that_an_operator_sets_refuses_what_goes_beyond_it_at_once()
    {
        await AskAsync(OperatorKey, HttpStatusCode.OK, "PUT", "/v1/tenants/acme/quotas", """{"maxConversations":1,"maxBytes":100000}""");
        await WriteAsync("one", "ada", 1);

        using HttpResponseMessage response = await _app.SendAsync(
            "POST",
            "two/messages",
            """{"role":"user","content":"x"}""",
            Bearer(WriterKey)
        );
        JsonElement problem = await SiloApp.ProblemAsync(response, HttpStatusCode.TooManyRequests, "quota-exceeded");

        Assert.Equal(
            ("maxConversations", 1, 1, 1),
            (problem.GetProperty("quota").GetString(), Number(problem, "limit"), Number(problem, "used"), Number(problem, "wanted"))
        );
        await AskAsync(AdminKey, HttpStatusCode.OK, "PUT", "/v1/tenant", """{"requiresUser":true}""");
        JsonElement usage = await AskAsync(AdminKey, HttpStatusCode.OK, "GET", "/v1/usage");
        Assert.Equal(
            (1, 100_000),
            (Number(usage.GetProperty("quotas"), "maxConversations"), Number(usage.GetProperty("quotas"), "maxBytes"))
        );
        await AskAsync(WriterKey, HttpStatusCode.OK, "DELETE", "/v1/conversations/one");
        await WriteAsync("two", "ada", 1);
        using HttpResponseMessage invalid = await _app.SendAsync(
            "PUT",
            "/v1/tenants/acme/quotas",
            """{"maxBytes":-1}""",
            Bearer(OperatorKey)
        );
        await SiloApp.ProblemAsync(invalid, HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task A_user_is_exported_erased_imported_and_all_of_it_is_in_the_audit_trail()
    {
        await WriteAsync("one", "ada", 3);
        await AskAsync(WriterKey, HttpStatusCode.Created, "POST", "/v1/memories", """{"user":"ada","contents":["Ada likes tea."]}""");
        using HttpResponseMessage export = await _app.SendAsync("GET", "/v1/users/ada/export", null, Bearer(WriterKey));
        string file = await export.Content.ReadAsStringAsync();
        await AskAsync(WriterKey, HttpStatusCode.OK, "DELETE", "/v1/users/ada");

        using HttpResponseMessage refused = await ImportAsync(file, "application/json");
        using HttpResponseMessage cut = await ImportAsync(file[..^40], "application/x-ndjson");
        using HttpResponseMessage import = await ImportAsync(file, "application/x-ndjson");

        Assert.Equal("application/x-ndjson", export.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, cut.StatusCode);
        Assert.Equal(HttpStatusCode.OK, import.StatusCode);
        Assert.Equal("""{"conversations":1,"messages":3,"entries":0,"memories":1,"skipped":1}""", await import.Content.ReadAsStringAsync());
        Assert.Equal(
            3,
            (await AskAsync(WriterKey, HttpStatusCode.OK, "GET", "/v1/conversations/one/messages")).GetProperty("messages").GetArrayLength()
        );

        JsonElement page = await AskAsync(AdminKey, HttpStatusCode.OK, "GET", "/v1/audit?userId=ada&limit=3");
        Assert.Equal(
            ["user.import", "user.import", "user.erase"],
            page.GetProperty("records").EnumerateArray().Select(row => row.GetProperty("action").GetString())
        );
        JsonElement rest = await AskAsync(
            AdminKey,
            HttpStatusCode.OK,
            "GET",
            $"/v1/audit?userId=ada&cursor={page.GetProperty("next").GetInt64()}"
        );
        JsonElement exported = Assert.Single(rest.GetProperty("records").EnumerateArray());
        Assert.Equal(
            ("user.export", "acme", 3),
            (
                exported.GetProperty("action").GetString(),
                exported.GetProperty("tenant").GetString(),
                Number(exported.GetProperty("counts"), "messages")
            )
        );
        Assert.StartsWith("Writer", exported.GetProperty("actor").GetString(), StringComparison.Ordinal);
        string all = (await AskAsync(OperatorKey, HttpStatusCode.OK, "GET", "/v1/audit?allTenants=true")).GetRawText();
        Assert.DoesNotContain("ada", all, StringComparison.Ordinal);
        Assert.DoesNotContain(WriterKey, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletions_exports_settings_and_quotas_are_in_the_audit_trail()
    {
        await WriteAsync("one", "ada", 2);
        (await _app.SendAsync("GET", "one/export", null, Bearer(WriterKey))).Dispose();
        await AskAsync(WriterKey, HttpStatusCode.OK, "DELETE", "/v1/conversations/one");
        await AskAsync(AdminKey, HttpStatusCode.OK, "PUT", "/v1/tenant", $$"""{"apiKeyHashes":["{{new string('a', 64)}}"]}""");
        await AskAsync(OperatorKey, HttpStatusCode.OK, "PUT", "/v1/tenants/acme/quotas", """{"maxBytes":5}""");

        JsonElement[] rows = [.. (await AskAsync(AdminKey, HttpStatusCode.OK, "GET", "/v1/audit")).GetProperty("records").EnumerateArray()];

        Assert.Equal(
            ["tenant.quotas", "tenant.settings", "conversation.delete", "conversation.export"],
            rows.Select(row => row.GetProperty("action").GetString())
        );
        Assert.Equal("""{"maxBytes":5}""", rows[0].GetProperty("counts").GetRawText());
        Assert.Equal((1, 1), (Number(rows[1].GetProperty("counts"), "keys"), Number(rows[1].GetProperty("counts"), "keysChanged")));
        Assert.Equal((1, 2), (Number(rows[2].GetProperty("counts"), "conversations"), Number(rows[2].GetProperty("counts"), "messages")));
        Assert.Equal(
            2,
            (await AskAsync(AdminKey, HttpStatusCode.OK, "GET", "/v1/audit?conversationId=one")).GetProperty("records").GetArrayLength()
        );
    }

    private static long Number(JsonElement from, string name) => from.GetProperty(name).GetInt64();

    private static (string Name, string Value) Bearer(string key) => ("Authorization", "Bearer " + key);

    private Task<JsonElement> AskAsync(
        string key,
        HttpStatusCode status,
        string method,
        string path,
        string? json = null,
        params (string Name, string Value)[] headers
    ) => _app.AskAsync(status, method, path, json, [Bearer(key), .. headers]);

    private async Task WriteAsync(string id, string user, int messages)
    {
        await AskAsync(WriterKey, HttpStatusCode.Created, "PUT", id, $$"""{"userId":"{{user}}"}""");
        for (int i = 0; i < messages; i++)
        {
            await AskAsync(
                WriterKey,
                HttpStatusCode.Created,
                "POST",
                id + "/messages",
                """{"role":"user","content":"some text that is not short"}"""
            );
        }
    }

    private async Task<HttpResponseMessage> ImportAsync(string file, string contentType)
    {
        var content = new StringContent(file, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/users/ada/import") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", WriterKey);
        return await _app.Http.SendAsync(request);
    }
}
