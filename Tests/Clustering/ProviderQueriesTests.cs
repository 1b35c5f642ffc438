using System.Reflection;
using Orleans.Configuration;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>The keys that the providers of this very build ask for, read from the providers.</summary>
public sealed class ProviderQueriesTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Theory]
    [InlineData(typeof(AdoNetClusteringSiloOptions))]
    [InlineData(typeof(AdoNetReminderTableOptions))]
    public async Task Database_has_every_statement_that_a_provider_asks_for(Type ofProvider)
    {
        await using GrainHost host = await GrainHost.OnPostgresAsync(database.ConnectionString);
        Type queries = Assert.Single(ofProvider.Assembly.GetTypes(), type => type.Name == "DbStoredQueries");
        string[] keys = [.. queries.GetProperties(BindingFlags.Instance | BindingFlags.NonPublic).Select(property => property.Name)];

        Assert.NotEmpty(keys);
        foreach (string key in keys)
        {
            Assert.Equal(1L, await database.ExecuteAsync($"select count(*) from orleans_memory.orleansquery where querykey = '{key}'"));
        }
    }
}
