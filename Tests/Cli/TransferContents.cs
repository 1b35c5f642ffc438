using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Cli;

/// <summary>A tenant with something of everything that is exported, and what such a tenant has, in a form that is compared.</summary>
internal static class TransferContents
{
    /// <summary>
    /// Gives a tenant two users, a conversation of no one, forks, entries, expiries, halves of characters and memories of users and of an
    /// agent.
    /// </summary>
    public static async Task FillAsync(SiloTenant tenant)
    {
        await SendAsync(
            tenant,
            "PUT",
            "/v1/conversations/trip",
            """{"userId":"ana","title":"Lisbon","metadata":{"a":[1, 2]},"ttl":{"seconds":99999}}"""
        );
        await SendAsync(
            tenant,
            "POST",
            "/v1/conversations/trip/turns",
            """
            {"messages":[{"role":"user","content":"a \ud83d\ude00 \ud800 \u0000\nb"},{"role":"assistant","contents":[{"$type":"functionCall","callId":"1","name":"f","arguments":{"x" : 1}}]},
             {"role":"tool","contents":[{"$type":"functionResult","callId":"1","result":"r"}],"additionalProperties":{"k":1.10}}],
             "globals":{"g":"\udfff"},"entries":[{"namespace":"s","key":"k","value":1,"ttlSeconds":3600}]}
            """
        );
        await SendAsync(tenant, "POST", "/v1/conversations/trip/fork", """{"newId":"other-trip"}""");
        await SendAsync(tenant, "PUT", "/v1/conversations/empty", """{"userId":"ana"}""");
        await SendAsync(tenant, "PUT", "/v1/conversations/ben", """{"userId":"ben"}""");
        for (int turn = 0; turn < 5; turn++)
        {
            await SendAsync(
                tenant,
                "POST",
                "/v1/conversations/ben/messages",
                JsonSerializer.Serialize(new { role = "user", content = $"message {turn} {new string('x', 500 * turn)}" })
            );
            await SendAsync(
                tenant,
                "POST",
                "/v1/conversations/nobody/messages",
                JsonSerializer.Serialize(new { role = "user", content = $"to nobody {turn}" })
            );
        }

        await SendAsync(tenant, "POST", "/v1/memories", """{"user":"ana","contents":["Prefers quiet rooms."],"metadata":{"m":1}}""");
        await SendAsync(
            tenant,
            "POST",
            "/v1/memories",
            """{"user":"ana","agent":"guide","messages":[{"role":"user","content":"I play the cello. \ud800","authorName":"Ana"}]}"""
        );
        await SendAsync(tenant, "POST", "/v1/memories", """{"user":"ben","contents":["Plays chess.","Has a dog."]}""");
        await SendAsync(tenant, "POST", "/v1/memories", """{"agent":"guide","contents":["Lisbon has hills."]}""");
        string page = await tenant.Http.GetStringAsync(new Uri("/v1/memories?user=ben", UriKind.Relative));
        string first = JsonDocument.Parse(page).RootElement.GetProperty("memories")[0].GetProperty("id").GetString()!;
        await SendAsync(tenant, "PATCH", $"/v1/memories/{first}", """{"text":"Had a dog."}""");
    }

    /// <summary>What a user has.</summary>
    public static async Task<string[]> OfUserAsync(SiloTenant tenant, string user) =>
        Normal(
            (await tenant.Http.GetStringAsync(new Uri($"/v1/users/{user}/export", UriKind.Relative))).Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries
            ),
            withOrigin: false
        );

    /// <summary>What the tenant's users have, and what no one has.</summary>
    public static async Task<string[]> OfTenantAsync(SiloTenant tenant)
    {
        string nobody = await tenant.Http.GetStringAsync(new Uri("/v1/conversations/nobody/export", UriKind.Relative));
        using JsonDocument document = JsonDocument.Parse(nobody);
        return
        [
            .. await OfUserAsync(tenant, "ana"),
            .. await OfUserAsync(tenant, "ben"),
            document.RootElement.GetProperty("messages").GetRawText(),
        ];
    }

    /// <summary>
    /// Lines of an export without what differs between two exports of the same: instants of the export, turns counted anew, and the order
    /// of conversations.
    /// </summary>
    public static string[] Normal(IEnumerable<string> lines, bool withOrigin = true)
    {
        string[] left = withOrigin ? ["exportedAt"] : ["exportedAt", "origin", "version"];

        // Memories have ids of their own among all tenants: where theirs are taken, an import gives others.
        string[] leftOfMemories = withOrigin ? [] : ["id"];
        var normal = new List<string>();
        string conversation = string.Empty;
        foreach (string line in lines)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonProperty only = Assert.Single(document.RootElement.EnumerateObject());
            string kind = only.Name;
            if (kind == "conversation")
            {
                conversation = only.Value.GetProperty("id").GetString()!;
            }

            IEnumerable<string> fields = only
                .Value.EnumerateObject()
                .Where(field =>
                    field.Value.ValueKind != JsonValueKind.Null
                    && !left.Contains(field.Name)
                    && !(kind == "memory" && leftOfMemories.Contains(field.Name))
                )
                .OrderBy(static field => field.Name, StringComparer.Ordinal)
                .Select(static field => $"{field.Name}:{Raw(field.Value)}");
            normal.Add($"{(kind is "conversation" or "message" ? conversation : "~" + kind)} {kind} {string.Join(',', fields)}");
        }

        // Within a conversation messages keep their order: it is that of their sequences, which sort as they stand here.
        return [.. normal.Order(StringComparer.Ordinal)];
    }

    // The silo's own export leaves out what is null in a memory's history.
    private static string Raw(JsonElement value) =>
        value.GetRawText().Replace("\"previousText\":null,", string.Empty, StringComparison.Ordinal);

    private static async Task SendAsync(SiloTenant tenant, string method, string path, string json)
    {
        using HttpResponseMessage response = await tenant.SendAsync(method, path, json);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {await response.Content.ReadAsStringAsync()}");
    }
}
