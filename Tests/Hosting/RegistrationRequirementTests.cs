using Microsoft.Extensions.Hosting;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Hosting;

/// <summary>What a silo's registration lacks is said in one sentence that names the call, before anything is started.</summary>
public sealed class RegistrationRequirementTests
{
    public static TheoryData<string, Action<ISiloBuilder>> Faults { get; } =
        new()
        {
            { "no store was chosen. Call UsePostgresStorage(...) or UseInMemoryStorage()", silo => silo.AddOrleansMemory() },
            { "not kept in PostgreSQL. Call UsePostgresStorage(...)", silo => silo.AddOrleansMemory().UsePostgresClustering(Here) },
            { "not kept in PostgreSQL. Call UsePostgresStorage(...)", silo => silo.UsePostgresClustering(Here).AddOrleansMemory() },
            {
                "not kept in PostgreSQL. Call UsePostgresStorage(...)",
                silo => silo.UsePostgresClustering(Here).UseInMemoryStorage().AddOrleansMemory()
            },
            {
                "Both UsePostgresStorage(...) and UseInMemoryStorage() were called",
                silo => silo.AddOrleansMemory().UsePostgresStorage(Nowhere).UseInMemoryStorage()
            },
            {
                "Both UseInMemoryStorage() and UsePostgresStorage(...) were called",
                silo => silo.UseInMemoryStorage().UsePostgresStorage(Nowhere).AddOrleansMemory()
            },
            {
                "UsePostgresStorage(...) was called without AddOrleansMemory()",
                silo => silo.UseLocalhostClustering().UsePostgresStorage(Nowhere)
            },
            { "UseInMemoryStorage() was called without AddOrleansMemory()", silo => silo.UseLocalhostClustering().UseInMemoryStorage() },
            { "UsePostgresClustering() was called without AddOrleansMemory()", silo => silo.UsePostgresClustering(Here) },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Start_fails_and_names_the_call(string sentence, Action<ISiloBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        ManyHosts.LeaveOutDirectoryCache(builder.Services);
        builder.UseOrleans(configure);
        using IHost host = builder.Build();

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }

    private static void Here(PostgresClusterOptions options) => options.AdvertisedAddress = "127.0.0.1";

    private static void Nowhere(Grains.Storage.Postgres.PostgresStorageOptions options) =>
        options.ConnectionString = "Host=nowhere.invalid";
}
