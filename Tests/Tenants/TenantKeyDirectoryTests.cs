using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Tenants;
using OrleansMemory.Tenants;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Tenants;

/// <summary>The keys of all tenants in the memory of a silo.</summary>
public sealed class TenantKeyDirectoryTests(SharedHosts hosts)
{
    private static readonly string One = new('1', 64);
    private static readonly string Two = new('2', 64);

    [Fact]
    public async Task Nothing_is_said_before_the_first_read_and_what_was_known_holds_while_none_succeeds()
    {
        var store = new Script
        {
            Answer = () => Task.FromException<List<(string, TenantSettings)>>(new MemoryUnavailableException(TimeSpan.FromSeconds(1))),
        };
        var directory = new TenantKeyDirectory(store);
        Assert.Throws<MemoryUnavailableException>(() => directory.Find("t"));
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => directory.RefreshAsync());

        store.Answer = () => Task.FromResult<List<(string, TenantSettings)>>([("t", With(One))]);
        await directory.RefreshAsync();
        store.Answer = () => Task.FromException<List<(string, TenantSettings)>>(new MemoryUnavailableException(TimeSpan.FromSeconds(1)));
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => directory.RefreshAsync());

        Assert.Equal([One], Hashes(directory, "t"));
        Assert.Empty(directory.Find("other"));
    }

    [Fact]
    public async Task What_is_set_here_while_the_store_is_read_is_not_lost_and_what_is_taken_back_elsewhere_goes()
    {
        var reading = new TaskCompletionSource<List<(string, TenantSettings)>>();
        var store = new Script { Answer = () => reading.Task };
        var directory = new TenantKeyDirectory(store);
        Task refresh = directory.RefreshAsync();
        directory.Learn("t", With(Two));
        reading.SetResult([("t", With(One)), ("u", With(One))]);
        await refresh;
        Assert.Equal([Two], Hashes(directory, "t"));
        Assert.Equal([One], Hashes(directory, "u"));

        store.Answer = () => Task.FromResult<List<(string, TenantSettings)>>([("t", With(One, Two))]);
        await directory.RefreshAsync();

        Assert.Equal([One, Two], Hashes(directory, "t"));
        Assert.Empty(directory.Find("u"));
    }

    [Fact]
    public async Task Keys_that_were_stored_through_any_silo_are_read_with_all_they_have()
    {
        GrainHost host = await hosts.OnPostgresAsync();
        (string tenant, string old, string none) = (SharedHosts.NewTenant(), SharedHosts.NewTenant(), SharedHosts.NewTenant());
        var key = new TenantApiKey
        {
            Hash = One,
            Role = ApiKeyRole.Reader,
            UserId = "ada",
            ExpiresAt = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Name = "n",
        };
        await SetAsync(host, tenant, new TenantSettings { ApiKeys = [key], ApiKeyHashes = [Two] });
        await SetAsync(host, old, With(One));
        await SetAsync(host, none, new TenantSettings { LivesForever = true });
        ITenantKeyDirectory directory = host.Services.GetRequiredService<ITenantKeyDirectory>();

        await directory.RefreshAsync();

        Assert.Equal([key, new TenantApiKey { Hash = Two }], directory.Find(tenant));
        Assert.Equal([new TenantApiKey { Hash = One }], directory.Find(old));
        Assert.Empty(directory.Find(none));
        await SetAsync(host, tenant, TenantSettings.Empty);
        await directory.RefreshAsync();
        Assert.Empty(directory.Find(tenant));
    }

    [Fact]
    public void A_state_of_a_release_before_keys_had_roles_is_read()
    {
        TenantSettings? read = new GrainStateSerializer().Deserialize<TenantSettings>(
            new BinaryData(
                Encoding.UTF8.GetBytes($$"""{"livesForever":false,"limits":{},"apiKeyHashes":["{{One}}"],"requiresUser":true}""")
            )
        );

        Assert.Equal((1, true), (TenantValidation.Check(read!).ApiKeyHashes.Length, TenantValidation.Check(read!).ApiKeys.IsEmpty));
    }

    private static TenantSettings With(params string[] hashes) => new() { ApiKeyHashes = [.. hashes] };

    private static string[] Hashes(TenantKeyDirectory directory, string tenant) => [.. directory.Find(tenant).Select(key => key.Hash)];

    // Past the directory of the silo, as another silo does.
    private static Task SetAsync(GrainHost host, string tenant, TenantSettings settings) =>
        host.Grains.GetGrain<ITenantGrain>(TenantKey.Create(tenant).ToString()).SetAsync(settings);

    private sealed class Script : ITenantKeyStore
    {
        public required Func<Task<List<(string Tenant, TenantSettings Settings)>>> Answer { get; set; }

        public Task<List<(string Tenant, TenantSettings Settings)>> ReadAsync(CancellationToken cancellationToken) => Answer();
    }
}
