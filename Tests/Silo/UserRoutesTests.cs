using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class UserRoutesTests(SharedSilo silo)
{
    private const string KeyOfA = "key-of-tenant-a-0001";
    private const string KeyOfB = "key-of-tenant-b-0001";

    [Fact]
    public async Task Erasing_a_user_is_answered_with_counts_and_no_content()
    {
        SiloTenant app = silo.NewTenant();
        await app.AskAsync(HttpStatusCode.Created, "PUT", "one", """{"userId":"a é+;"}""");
        await app.AskAsync(HttpStatusCode.Created, "POST", "one/messages", """{"role":"user","content":"secret"}""");
        await app.AskAsync(HttpStatusCode.Created, "PUT", "two", """{"userId":"a"}""");
        await app.AskAsync(HttpStatusCode.Created, "POST", "one/fork", """{"newId":"fork"}""");
        await app.AskAsync(HttpStatusCode.OK, "PUT", "fork", """{"userId":"other"}""");

        JsonElement erased = await app.AskAsync(HttpStatusCode.OK, "DELETE", "/v1/users/a%20%C3%A9+;");

        Assert.Equal("""{"conversations":1,"messages":1,"entries":0,"turns":2,"forksCut":1,"memories":0}""", erased.GetRawText());
        await app.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "one");
        await app.AskAsync(HttpStatusCode.OK, "GET", "two");
        Assert.Equal(0, (await app.AskAsync(HttpStatusCode.OK, "GET", "fork")).GetProperty("messageCount").GetInt32());
        erased = await app.AskAsync(HttpStatusCode.OK, "DELETE", "/v1/users/a%20%C3%A9+;");
        Assert.Equal("""{"conversations":0,"messages":0,"entries":0,"turns":0,"forksCut":0,"memories":0}""", erased.GetRawText());
    }

    [Fact]
    public async Task A_user_of_another_tenant_is_another_user()
    {
        SiloTenant a = silo.NewTenant();
        SiloTenant b = silo.NewTenant();
        await a.AskAsync(HttpStatusCode.Created, "PUT", "same", """{"userId":"u"}""");
        await b.AskAsync(HttpStatusCode.Created, "PUT", "same", """{"userId":"u"}""");

        JsonElement erased = await b.AskAsync(HttpStatusCode.OK, "DELETE", "/v1/users/u");

        Assert.Equal(1, erased.GetProperty("conversations").GetInt32());
        await a.AskAsync(HttpStatusCode.OK, "GET", "same");
        await b.RefuseAsync(HttpStatusCode.NotFound, "conversation-not-found", "GET", "same");
        await a.RefuseAsync(HttpStatusCode.Unauthorized, "key-missing", "DELETE", "/v1/users/u", null, ("Authorization", "Bearer"));
    }

    [Fact]
    public async Task A_user_that_cannot_be_is_refused()
    {
        SiloTenant app = silo.NewTenant();
        await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "DELETE", "/v1/users/" + new string('u', 257));
        await app.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "DELETE", "/v1/users/u?all=true");
    }

    [Fact]
    public async Task Times_to_live_of_tenants_come_from_the_configuration()
    {
        await using SiloApp app = new SiloApp()
            .With("OrleansMemory:Conversations:DefaultTimeToLive:Duration", "00:10:00")
            .With("OrleansMemory:Conversations:DefaultTimeToLive:Sliding", "true")
            .With("OrleansMemory:Conversations:Tenants:b:TimeToLive:Duration", "00:20:00")
            .With("OrleansMemory:Conversations:Tenants:c:LivesForever", "true")
            .With("OrleansMemory:Expiry:Grains", "4")
            .With("OrleansMemory:ApiKeys:" + KeyOfA, "a")
            .With("OrleansMemory:ApiKeys:" + KeyOfB, "b")
            .With("OrleansMemory:ApiKeys:key-of-tenant-c-0001", "c");

        Assert.Equal("""{"seconds":600,"sliding":true}""", await TtlAsync(KeyOfA));
        Assert.Equal("""{"seconds":1200,"sliding":false}""", await TtlAsync(KeyOfB));
        Assert.Equal("null", await TtlAsync("key-of-tenant-c-0001"));

        // PUT names every setting: without ttl it has no end.
        JsonElement put = await app.AskAsync(HttpStatusCode.Created, "PUT", "put", "{}", ("Authorization", "Bearer " + KeyOfA));
        Assert.Equal(JsonValueKind.Null, put.GetProperty("ttl").ValueKind);

        async Task<string> TtlAsync(string key)
        {
            (string, string) access = ("Authorization", "Bearer " + key);
            await app.AskAsync(HttpStatusCode.Created, "POST", "c/messages", """{"role":"user","content":"x"}""", access);
            return (await app.AskAsync(HttpStatusCode.OK, "GET", "c", null, access)).GetProperty("ttl").GetRawText();
        }
    }
}
