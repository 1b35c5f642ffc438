using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Tenants;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Access;

/// <summary>
/// What keys that do not exist cost a silo on PostgreSQL: no call of a grain and no read of the store, whatever tenant they name.
/// </summary>
public sealed class JunkKeyTests : IAsyncLifetime
{
    private const string Admin = "key-of-the-administrator";

    private readonly PostgresDatabase _database = new();
    private readonly Calls _calls = new();
    private SiloApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _app = new SiloApp()
            .With("OrleansMemory:Store:Kind", "Postgres")
            .With("ConnectionStrings:Postgres", _database.ConnectionString)
            .With("OrleansMemory:ApiKeys:0:Key", Admin)
            .With("OrleansMemory:ApiKeys:0:Tenant", "known")
            .With("OrleansMemory:ApiKeys:0:Role", "TenantAdministrator")
            .With("OrleansMemory:Conversations:TenantSettingsAge", "01:00:00")
            .With("OrleansMemory:Access:RefusedKeysPerMinute", "1000000")
            .With(services =>
            {
                services.AddSingleton<IIncomingGrainCallFilter>(_calls);
                services.Replace(
                    ServiceDescriptor.Singleton<ITenantKeyStore>(provider => new CountedKeys(
                        ActivatorUtilities.CreateInstance<PostgresTenantKeys>(provider),
                        _calls
                    ))
                );
            });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Unknown_keys_cost_neither_a_grain_nor_a_read()
    {
        const string Own = "known~0123456789abcdef";
        await _app.AskAsync(
            HttpStatusCode.OK,
            "PUT",
            "/v1/tenant",
            $$"""{"apiKeys":[{"hash":"{{KeyTests.App.HashOf(Own)}}"}]}""",
            Bearer(Admin)
        );
        await _app.AskAsync(HttpStatusCode.OK, "GET", "/v1/conversations", null, Bearer(Own));
        (int reads, int calls) = (_calls.Reads, _calls.OfGrains);

        for (int i = 0; i < 300; i++)
        {
            await _app.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, Bearer($"tenant-{i}~0123456789abcdef"));
            await _app.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "PUT", "c", "{}", Bearer($"known~0123456789abcdef{i}"));
            await _app.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, Bearer($"no tenant at all {i}"));
            await _app.RefuseAsync(HttpStatusCode.Forbidden, "key-unknown", "GET", "c", null, Bearer("known~" + new string('x', 5_000)));
        }

        Assert.Equal((reads, calls), (_calls.Reads, _calls.OfGrains));
        await _app.AskAsync(HttpStatusCode.OK, "GET", "/v1/conversations", null, Bearer(Own));
    }

    private static (string, string) Bearer(string key) => ("Authorization", "Bearer " + key);

    private sealed class Calls : IIncomingGrainCallFilter
    {
        private int _ofGrains;
        private int _reads;

        public int OfGrains => Volatile.Read(ref _ofGrains);

        public int Reads => Volatile.Read(ref _reads);

        public void CountRead() => Interlocked.Increment(ref _reads);

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (
                context.InterfaceMethod.DeclaringType!.Assembly == typeof(ITenantGrain).Assembly
                && context.InterfaceMethod.DeclaringType.Namespace != "OrleansMemory.Expiry"
            )
            {
                Interlocked.Increment(ref _ofGrains);
            }

            return context.Invoke();
        }
    }

    private sealed class CountedKeys(ITenantKeyStore inner, Calls calls) : ITenantKeyStore
    {
        public Task<List<(string Tenant, TenantSettings Settings)>> ReadAsync(CancellationToken cancellationToken)
        {
            calls.CountRead();
            return inner.ReadAsync(cancellationToken);
        }
    }
}
