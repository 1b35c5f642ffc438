using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>A tenant's own settings over HTTP.</summary>
public sealed class TenantRoutesTests(SharedSilo silo)
{
    private readonly SiloTenant _tenant = silo.NewTenant();
    private readonly SiloTenant _other = silo.NewTenant();

    /// <summary>A key that begins with the tenant's name, and that the configuration does not have.</summary>
    private string OwnKey => _tenant.Name + "~0123456789abcdef";

    [Fact]
    public async Task What_was_set_is_read_and_another_tenant_has_nothing_of_it()
    {
        const string Settings = """{"defaultTtl":{"seconds":90,"sliding":true},"limits":{"maxMessageBytes":2048,"maxEntries":3}}""";

        JsonElement set = await _tenant.AskAsync(HttpStatusCode.OK, "PUT", "/v1/tenant", Settings);
        JsonElement read = await _tenant.AskAsync(HttpStatusCode.OK, "GET", "/v1/tenant");
        JsonElement other = await _other.AskAsync(HttpStatusCode.OK, "GET", "/v1/tenant");

        Assert.Equal(set.GetRawText(), read.GetRawText());
        Assert.Equal(90, read.GetProperty("defaultTtl").GetProperty("seconds").GetDecimal());
        Assert.Equal(2048, read.GetProperty("limits").GetProperty("maxMessageBytes").GetInt32());
        Assert.Equal(JsonValueKind.Null, read.GetProperty("limits").GetProperty("maxTurnBytes").ValueKind);
        Assert.Equal(JsonValueKind.Null, other.GetProperty("defaultTtl").ValueKind);
    }

    [Fact]
    public async Task Settings_hold_from_the_next_request_on_and_until_they_are_cleared()
    {
        await _tenant.AskAsync(HttpStatusCode.Created, "PUT", "before", "{}");
        await _tenant.AskAsync(HttpStatusCode.OK, "PUT", "/v1/tenant", """{"defaultTtl":{"seconds":90},"limits":{"maxEntryBytes":1024}}""");

        JsonElement made = await _tenant.AskAsync(HttpStatusCode.Created, "PUT", "after", """{"title":"t"}""");
        string value = $"\"{new string('x', 1_100)}\"";
        JsonElement refused = await _tenant.RefuseAsync(
            HttpStatusCode.RequestEntityTooLarge,
            "payload-too-large",
            "PUT",
            "before/entries/n/k",
            value
        );
        await _tenant.AskAsync(HttpStatusCode.OK, "PUT", "/v1/tenant", "{}");
        await _tenant.AskAsync(HttpStatusCode.OK, "PUT", "before/entries/n/k", value);

        // The settings of this request name no time to live, which means none: only where nothing is said is it the tenant's.
        Assert.Equal(JsonValueKind.Null, made.GetProperty("ttl").ValueKind);
        Assert.Equal(1024, refused.GetProperty("limit").GetInt32());
    }

    [Fact]
    public async Task A_key_whose_hash_a_tenant_has_set_opens_that_tenant_until_it_is_taken_back()
    {
        await _tenant.AskAsync(HttpStatusCode.Created, "PUT", "c", """{"title":"A"}""");
        await _tenant.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, Bearer(OwnKey));

        await _tenant.AskAsync(HttpStatusCode.OK, "PUT", "/v1/tenant", $$"""{"apiKeyHashes":["{{Hash(OwnKey)}}"]}""");
        JsonElement read = await _tenant.AskAsync(HttpStatusCode.OK, "GET", "c", null, Bearer(OwnKey));
        JsonElement refused = await _tenant.RefuseAsync(
            HttpStatusCode.Forbidden,
            "role-too-low",
            "PUT",
            "/v1/tenant",
            "{}",
            Bearer(OwnKey)
        );
        await _tenant.AskAsync(HttpStatusCode.OK, "PUT", "/v1/tenant", "{}");

        Assert.Equal("TenantAdministrator", refused.GetProperty("role").GetString());
        Assert.Equal("A", read.GetProperty("title").GetString());
        await _tenant.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, Bearer(OwnKey));
    }

    [Fact]
    public async Task A_tenants_key_has_the_role_the_user_and_the_time_that_were_set()
    {
        (string reader, string bound, string expired, string administrator) = (OwnKey + "-r", OwnKey + "-b", OwnKey + "-e", OwnKey + "-a");
        string keys = $$"""
            {"apiKeys":[{"hash":"{{Hash(reader)}}","role":"reader","name":"dashboard"},{"hash":"{{Hash(
                bound
            )}}","userId":"ada","expiresAt":"2999-01-01T00:00:00Z"},
             {"hash":"{{Hash(expired)}}","expiresAt":"2020-01-01T00:00:00Z"},{"hash":"{{Hash(
                administrator
            )}}","role":"TenantAdministrator"}]}
            """;
        JsonElement set = await _tenant.AskAsync(HttpStatusCode.OK, "PUT", "/v1/tenant", keys);
        await _tenant.AskAsync(HttpStatusCode.Created, "PUT", "c", "{}");

        await _tenant.AskAsync(HttpStatusCode.OK, "GET", "c", null, Bearer(reader));
        await _tenant.RefuseAsync(HttpStatusCode.Forbidden, "role-too-low", "PUT", "c", "{}", Bearer(reader));
        await _tenant.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "c", null, Bearer(bound));
        Assert.Equal(
            "ada",
            (await _tenant.AskAsync(HttpStatusCode.Created, "PUT", "of-ada", "{}", Bearer(bound))).GetProperty("userId").GetString()
        );
        await _tenant.RefuseAsync(HttpStatusCode.Forbidden, "key-expired", "GET", "c", null, Bearer(expired));
        Assert.Equal(
            set.GetRawText(),
            (await _tenant.AskAsync(HttpStatusCode.OK, "GET", "/v1/tenant", null, Bearer(administrator))).GetRawText()
        );
        await _tenant.RefuseAsync(HttpStatusCode.Forbidden, "role-too-low", "GET", "/v1/tenant", null, Bearer(reader));
        Assert.Equal(
            "Reader Writer Writer TenantAdministrator",
            string.Join(' ', set.GetProperty("apiKeys").EnumerateArray().Select(key => key.GetProperty("role").GetString()))
        );
        Assert.Equal("dashboard", set.GetProperty("apiKeys")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_tenant_cannot_set_a_key_that_opens_another_one()
    {
        await _other.AskAsync(HttpStatusCode.OK, "PUT", "/v1/tenant", $$"""{"apiKeyHashes":["{{Hash(OwnKey)}}"]}""");

        await _tenant.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, Bearer(OwnKey));
    }

    [Theory]
    [InlineData("~0123456789abcdef")]
    [InlineData("{tenant}~0123456789abcde")]
    [InlineData("no/tenant~0123456789abcdef")]
    public async Task A_key_that_names_no_tenant_or_has_a_short_secret_is_unknown(string template)
    {
        string key = template.Replace("{tenant}", _tenant.Name, StringComparison.Ordinal);
        await _tenant.AskAsync(HttpStatusCode.OK, "PUT", "/v1/tenant", $$"""{"apiKeyHashes":["{{Hash(key)}}"]}""");

        await _tenant.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, Bearer(key));
    }

    [Theory]
    [InlineData("""{"defaultTtl":{"seconds":0}}""", "defaultTtl.seconds")]
    [InlineData("""{"defaultTtl":{"seconds":1},"livesForever":true}""", "livesForever")]
    [InlineData("""{"limits":{"maxMessageBytes":1023}}""", "limits.maxMessageBytes")]
    [InlineData("""{"limits":{"maxTurnMessages":0}}""", "limits.maxTurnMessages")]
    [InlineData("""{"limits":{"maxTurnBytes":99999999999}}""", "limits.maxTurnBytes")]
    [InlineData("""{"limits":{"maxEntryBytes":-1}}""", "limits.maxEntryBytes")]
    [InlineData("""{"limits":{"maxEntries":100001}}""", "limits.maxEntries")]
    [InlineData("""{"limits":{"maxEntriesBytes":1}}""", "limits.maxEntriesBytes")]
    [InlineData("""{"limits":{"max":1}}""", "limits.max")]
    [InlineData("""{"apiKeyHashes":["secret"]}""", "apiKeyHashes[0]")]
    [InlineData("""{"apiKeyHashes":[1]}""", "apiKeyHashes[0]")]
    [InlineData("""{"apiKeys":[1]}""", "apiKeys[0]")]
    [InlineData("""{"apiKeys":[{}]}""", "apiKeys[0].hash")]
    [InlineData("""{"apiKeys":[{"hash":"00"}]}""", "apiKeys[0].hash")]
    [InlineData("""{"apiKeys":[{"hash":"{hash}","role":"Operator"}]}""", "apiKeys[0].role")]
    [InlineData("""{"apiKeys":[{"hash":"{hash}","role":"TenantAdministrator","userId":"ada"}]}""", "apiKeys[0].userId")]
    [InlineData("""{"apiKeys":[{"hash":"{hash}","userId":".."}]}""", "apiKeys[0].userId")]
    [InlineData("""{"apiKeys":[{"hash":"{hash}","expiresAt":"tomorrow"}]}""", "apiKeys[0].expiresAt")]
    [InlineData("""{"apiKeys":[{"hash":"{hash}","name":""}]}""", "apiKeys[0].name")]
    [InlineData("""{"apiKeys":[{"hash":"{hash}","secret":"x"}]}""", "apiKeys[0].secret")]
    [InlineData("""{"apiKeys":[{"hash":"{hash}"},{"hash":"{hash}"}]}""", "apiKeys[1]")]
    [InlineData("""{"apiKeyHashes":["{hash}"],"apiKeys":[{"hash":"{hash}"}]}""", "apiKeys[0]")]
    [InlineData("""{"ttl":1}""", "ttl")]
    public async Task A_setting_that_is_not_valid_is_refused_by_name(string settings, string parameter)
    {
        settings = settings.Replace("{hash}", Hash("any"), StringComparison.Ordinal);
        JsonElement problem = await _tenant.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PUT", "/v1/tenant", settings);

        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    private static (string Name, string Value) Bearer(string key) => ("Authorization", "Bearer " + key);

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
