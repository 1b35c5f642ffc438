using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Users;
using OrleansMemory.Memories;
using OrleansMemory.Tenants;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Users;

/// <summary>Which calls are open to callers that are bound to a user.</summary>
public sealed class BoundUserFilterTests(SharedHosts hosts)
{
    private static readonly string[] Closed =
    [
        "IConversationGrain.RefreshAsync",
        "IExpiryGrain.GetStatisticsAsync",
        "IExpiryGrain.StartAsync",
        "IExpiryGrain.SweepAsync",
        "IMemoryEmbeddingGrain.EmbedAsync",
        "IMemoryEmbeddingGrain.NotifyAsync",
        "IMemoryExtractionGrain.ExtractAsync",
        "IMemoryExtractionGrain.NotifyAsync",
        "ITenantGrain.GetAsync",
        "ITenantGrain.SetAsync",
        "ITenantGrain.SetQuotasAsync",
    ];

    [Fact]
    public void Every_method_of_a_grain_has_a_rule_or_is_closed_on_purpose()
    {
        IEnumerable<string> methods = typeof(IConversationGrain)
            .Assembly.GetTypes()
            .Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))
            .Distinct();
        IEnumerable<string> open = BoundUserFilter.Methods.Select(method => $"{method.Grain.Name}.{method.Method}");

        Assert.Equal(methods.Order(StringComparer.Ordinal), open.Concat(Closed).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_closed_is_refused()
    {
        IGrainFactory grains = (await hosts.InMemoryAsync()).Grains;
        ITenantGrain tenant = grains.GetGrain<ITenantGrain>(TenantKey.Create(SharedHosts.NewTenant()).ToString());
        using IDisposable binding = BoundUser.Bind("ada");

        await Assert.ThrowsAsync<UserNotAllowedException>(() => tenant.GetAsync());
        await Assert.ThrowsAsync<UserNotAllowedException>(() => tenant.SetAsync(TenantSettings.Empty));
    }

    [Fact]
    public async Task Memories_are_those_of_the_user()
    {
        IGrainFactory grains = (await hosts.OnPostgresAsync()).Grains;
        string tenant = SharedHosts.NewTenant();
        IMemoryDirectoryGrain directory = grains.GetGrain<IMemoryDirectoryGrain>(tenant);
        string ofBob = await RecordAsync(grains, MemoryScope.Create(tenant, user: "bob", session: "s"));
        string ofNobody = await RecordAsync(grains, MemoryScope.Create(tenant, session: "s"));
        using IDisposable binding = BoundUser.Bind("ada");
        string ofAda = await RecordAsync(grains, MemoryScope.Create(tenant, user: "ada", session: "s"));

        foreach (string id in (string[])[ofBob, ofNobody])
        {
            Assert.Null(await directory.GetAsync(id));
            Assert.Empty(await directory.HistoryAsync(id));
            Assert.False(await directory.DeleteAsync(id));
            await Assert.ThrowsAsync<MemoryNotFoundException>(() => directory.UpdateAsync(id, new MemoryUpdate { Text = "changed" }));
        }

        foreach (MemoryScope scope in (MemoryScope[])[MemoryScope.Create(tenant, user: "bob"), MemoryScope.Create(tenant, session: "s")])
        {
            IMemoryGrain memories = grains.GetGrain<IMemoryGrain>(scope.ToString());
            await Assert.ThrowsAsync<UserNotAllowedException>(() => memories.RecallAsync(new RecallRequest { Query = "tea" }));
            await Assert.ThrowsAsync<UserNotAllowedException>(() => memories.ClearAsync());
            await Assert.ThrowsAsync<UserNotAllowedException>(() => RecordAsync(grains, scope));
        }

        await Assert.ThrowsAsync<UserNotAllowedException>(() => directory.ListAsync(new MemoryListQuery { Session = "s" }));
        Assert.Equal([ofAda], (await directory.ListAsync(new MemoryListQuery { User = "ada" })).Memories.Select(memory => memory.Id));
        Assert.Equal(ofAda, (await directory.UpdateAsync(ofAda, new MemoryUpdate { Text = "coffee" })).Id);
        Assert.True(await directory.DeleteAsync(ofAda));
    }

    private static async Task<string> RecordAsync(IGrainFactory grains, MemoryScope scope) =>
        (
            await grains
                .GetGrain<IMemoryGrain>(scope.ToString())
                .RecordAsync(new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "tea" }] })
        ).MemoryIds[0];
}
