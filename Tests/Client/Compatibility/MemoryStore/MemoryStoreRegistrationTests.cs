using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansMemory.Client.Compatibility;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MemoryStore;

public sealed class MemoryStoreRegistrationTests(SharedHosts hosts)
{
    [Fact]
    public async Task Grains_are_used_where_there_are_any()
    {
        GrainHost host = await hosts.InMemoryAsync();
        string tenant = SharedHosts.NewTenant();
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(host.Grains)
            .AddMemoryStore(options => options.Tenant = tenant)
            .AddMemoryStore()
            .BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();

        IMemoryStore store = Assert.Single(services.GetServices<IMemoryStore>());
        await store.SaveAsync("s", "n", "k", 1);

        Assert.IsType<GrainMemoryStore>(store);
        Assert.NotNull(await host.Conversation("s", tenant).GetHeadAsync());
    }

    [Fact]
    public async Task A_registered_client_is_used()
    {
        GrainScript grain = GrainScript.Make().Returns(nameof(IConversationGrain.CommitAsync), new TurnReceipt { Version = 1 });
        await using ServiceProvider services = new ServiceCollection().AddSingleton(grain.Client()).AddMemoryStore().BuildServiceProvider();

        await services.GetRequiredService<IMemoryStore>().SaveAsync("s", "n", "k", 1);

        Assert.Single(grain.Calls);
    }

    [Fact]
    public async Task Memory_in_this_process_is_used_when_asked_for()
    {
        var clock = new ManualUtcClock();
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock)
            .AddMemoryStore(options =>
            {
                options.Backend = MemoryBackend.InMemory;
                options.SerializerOptions = new JsonSerializerOptions(JsonSerializerDefaults.Web);
            })
            .BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
        IMemoryStore store = services.GetRequiredService<IMemoryStore>();

        await store.SaveAsync("s", "n", "k", new { Name = 1 }, TimeSpan.FromSeconds(1));

        Assert.IsType<InMemoryMemoryStore>(store);
        Assert.Equal("""{"name":1}""", (await store.LoadAsync<JsonElement>("s", "n", "k")).GetRawText());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await store.TryLoadAsync<JsonElement>("s", "n", "k")).Found);
    }

    public static TheoryData<Action<MemoryStoreOptions>, string> BadOptions() =>
        new()
        {
            { _ => { }, "UseOrleans(...)" },
            { options => options.Backend = (MemoryBackend)7, "Backend" },
            { options => (options.Backend, options.Tenant) = (MemoryBackend.InMemory, "a/b"), "Tenant" },
        };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void What_cannot_work_fails_at_start_by_name(Action<MemoryStoreOptions> configure, string name)
    {
        using ServiceProvider services = new ServiceCollection().AddMemoryStore(configure).BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
        Assert.Contains("AddMemoryStore()", failure.Message, StringComparison.Ordinal);
    }
}
