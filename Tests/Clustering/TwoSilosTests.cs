using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Clustering;

/// <summary>Two silo processes over one real PostgreSQL are one cluster.</summary>
public sealed class TwoSilosTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int ActiveStatus = 3;

    [Fact]
    public async Task Silos_that_start_at_once_on_an_empty_database_serve_the_same_conversations()
    {
        SiloProcess[] silos = await Task.WhenAll(
            ClusterSilos.StartAsync(database.ConnectionString),
            ClusterSilos.StartAsync(database.ConnectionString)
        );
        await using SiloProcess left = silos[0];
        await using SiloProcess right = silos[1];

        Assert.Equal(2L, await database.ExecuteAsync($"select count(*) from orleans_memory.orleans_member where status = {ActiveStatus}"));
        for (int turn = 1; turn <= 20; turn++)
        {
            string conversation = $"shared-{turn % 4}";
            JsonElement receipt = await CommitAsync(silos[turn % 2], conversation, $"t{turn}");
            Assert.Equal(((turn - 1) / 4) + 1, receipt.GetProperty("version").GetInt64());
            Assert.Equal(await LastTextAsync(left, conversation), await LastTextAsync(right, conversation));
        }
    }

    private static async Task<JsonElement> CommitAsync(SiloProcess silo, string conversation, string turnId)
    {
        using HttpResponseMessage response = await silo.Http.PostAsJsonAsync(
            $"/v1/conversations/{conversation}/turns",
            new { turnId, messages = new[] { new { role = "user", content = turnId } } }
        );
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<string?> LastTextAsync(SiloProcess silo, string conversation)
    {
        JsonElement page = await silo.Http.GetFromJsonAsync<JsonElement>($"/v1/conversations/{conversation}/messages?limit=1");
        return page.GetProperty("messages")[0].GetProperty("contents")[0].GetProperty("text").GetString();
    }
}
