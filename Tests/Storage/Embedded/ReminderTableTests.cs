using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage.Postgres.Embedded;
using OrleansMemory.Tests.Contracts.Embedded;
using OrleansMemory.Tests.Embedded;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage.Embedded;

public sealed class InMemoryReminderTableTests : ReminderTableContract
{
    private EmbeddedHost? _host;

    public override async Task DisposeAsync() => await _host!.DisposeAsync();

    protected override async Task<IReminderTable> OpenAsync()
    {
        _host = await EmbeddedHost.StartAsync(silo => silo.UseInMemoryReminderService());
        return _host.Cluster.GetSiloServiceProvider().GetRequiredService<IReminderTable>();
    }
}

public sealed class PostgresReminderTableTests(PostgresDatabase database) : ReminderTableContract, IClassFixture<PostgresDatabase>
{
    private EmbeddedHost? _host;

    public override async Task DisposeAsync() => await _host!.DisposeAsync();

    protected override async Task<IReminderTable> OpenAsync()
    {
        _host = await EmbeddedHost.StartAsync(silo => silo.AddOrleansMemory().UsePostgresStorage(options => options.ConnectionString = database.ConnectionString));
        await ExpiryWheel.StartedAsync(_host.Cluster.GetSiloServiceProvider());
        return Assert.IsType<PostgresReminderTable>(_host.Cluster.GetSiloServiceProvider().GetRequiredService<IReminderTable>());
    }
}
