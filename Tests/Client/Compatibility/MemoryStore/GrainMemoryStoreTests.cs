using System.Text;
using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MemoryStore;

public sealed class InMemoryGrainMemoryStoreTests(InMemoryClockedHost fixture)
    : GrainMemoryStoreTests(fixture),
        IClassFixture<InMemoryClockedHost>;

public sealed class PostgresGrainMemoryStoreTests(PostgresClockedHost postgres)
    : GrainMemoryStoreTests(postgres),
        IClassFixture<PostgresClockedHost>
{
    [Fact]
    public async Task Sessions_survive_their_process()
    {
        await Store.SaveAsync(Session, Flags, "k", 1, TimeSpan.FromSeconds(10));
        await using GrainHost other = await GrainHost.OnPostgresAsync(postgres.ConnectionString, Clock);
        var elsewhere = new GrainMemoryStore(Clients.Of(other), new MemoryStoreOptions { Tenant = Tenant });

        Assert.Equal(1, await elsewhere.LoadAsync<int>(Session, Flags, "k"));
        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False((await elsewhere.TryLoadAsync<int>(Session, Flags, "k")).Found);
    }
}

/// <summary>The contract over grains, and what only grains have.</summary>
public abstract class GrainMemoryStoreTests(ClockedHost fixture) : MemoryStoreContract
{
    protected override ManualUtcClock Clock { get; } = fixture.NextDay();

    /// <summary>A tenant of this test's own: the tests of a class share a host.</summary>
    protected string Tenant { get; } = SharedHosts.NewTenant();

    private ConversationClient Client { get; } = Clients.Of(fixture.Host);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override Task<IMemoryStore> MakeAsync() =>
        Task.FromResult<IMemoryStore>(new GrainMemoryStore(Client, new MemoryStoreOptions { Tenant = Tenant }));

    [Fact]
    public async Task A_value_is_an_entry_of_the_conversation()
    {
        await Store.SaveAsync(Session, Flags, "k", new { Name = "x" }, TimeSpan.FromSeconds(5));

        Entry entry = Assert.Single(await Client.Get(Tenant, Session).GetEntriesAsync());

        Assert.Equal((EntrySpaces.Session(Flags), "k", """{"Name":"x"}"""), (entry.Space, entry.Key, entry.Value));
        Assert.Equal(Clock.GetUtcNow().AddSeconds(5), entry.ExpiresAt);
        await Client.Get(Tenant, Session).SetEntryAsync(EntrySpaces.Session(Flags), "other", "[1,2]");
        Assert.Equal([1, 2], (await Store.LoadAsync<List<int>>(Session, Flags, "other"))!);
    }

    [Fact]
    public async Task Only_saving_makes_a_conversation()
    {
        await Store.DeleteAsync(Session, Flags, "k");
        await Store.SaveAsync(Session, Flags, "k", 1, TimeSpan.FromSeconds(-1));
        await Store.GetAllAsync<int>(Session, Flags);

        Assert.Null(await Client.Get(Tenant, Session).GetHeadAsync());
    }

    [Fact]
    public async Task Tenants_are_apart()
    {
        await Store.SaveAsync(Session, Flags, "k", 1);

        var other = new GrainMemoryStore(Client, new MemoryStoreOptions { Tenant = Tenant + "2" });
        var byDefault = new GrainMemoryStore(Client);
        await byDefault.SaveAsync(Tenant, Flags, "k", 2);

        Assert.False((await other.TryLoadAsync<int>(Session, Flags, "k")).Found);
        Assert.NotNull(await Client.Get("default", Tenant).GetHeadAsync());
    }

    [Fact]
    public async Task An_expired_conversation_has_no_values()
    {
        await Store.SaveAsync(Session, Flags, "k", 1);
        var ttl = new TimeToLive { Duration = TimeSpan.FromSeconds(10) };
        await Client.Get(Tenant, Session).SetSettingsAsync(SettingsChange.Replace(new ConversationSettings { TimeToLive = ttl }));

        Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.False((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
        Assert.Empty(await Store.GetAllAsync<int>(Session, Flags));
        await Store.DeleteAsync(Session, Flags, "k");
        await Store.SaveAsync(Session, Flags, "new", 2);
        Assert.Equal(["new"], (await Store.GetAllAsync<int>(Session, Flags)).Keys);
    }

    [Fact]
    public async Task Exports_and_forks_keep_values_and_their_expiry()
    {
        await Store.SaveAsync(Session, Flags, "brief", 1, TimeSpan.FromSeconds(10));
        await Store.SaveAsync(Session, Flags, "text", "\ud800");
        using var document = new MemoryStream();
        await Client.Get(Tenant, Session).ExportAsync(document);
        document.Position = 0;
        await Client.Get(Tenant, "copy").ImportAsync(document);
        await Client.Get(Tenant, Session).ForkAsync("fork");
        await Store.DeleteAsync(Session, Flags, "text");

        foreach (string session in (string[])["copy", "fork"])
        {
            Assert.Equal("\ud800", await Store.LoadAsync<string>(session, Flags, "text"));
            Assert.Equal(1, await Store.LoadAsync<int>(session, Flags, "brief"));
        }

        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["text"], (await Store.GetAllAsync<JsonElement>("copy", Flags)).Keys);
        Assert.Equal(["text"], (await Store.GetAllAsync<JsonElement>("fork", Flags)).Keys);
    }

    [Fact]
    public async Task A_value_over_the_limit_is_refused()
    {
        string large = new('x', 1024 * 1024);

        await Assert.ThrowsAsync<PayloadTooLargeException>(() => Store.SaveAsync(Session, Flags, "k", large));
        await Store.SaveAsync(Session, Flags, "k", large[..^2]);

        Assert.Equal(
            large.Length,
            Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(await Store.LoadAsync<string>(Session, Flags, "k")))
        );
    }
}
