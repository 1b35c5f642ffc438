using System.Net;
using System.Net.Http.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// A silo process whose clock is two hours ahead removes nothing, says so, and does not keep a correct silo from starting once it is gone.
/// </summary>
public sealed class SkewedProcessTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Conversations = 20;
    private const int LifeSeconds = 58 * 60;

    private static readonly TimeSpan Skew = TimeSpan.FromHours(2);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private static readonly (string Name, string Value)[] Cluster =
    [
        ("OrleansMemory:Cluster:Membership", "Postgres"),
        ("OrleansMemory:Cluster:AdvertisedAddress", "127.0.0.1"),
        ("OrleansMemory:Cluster:FailureDetection:ProbeTimeout", "00:00:01"),
    ];

    [FaketimeFact]
    public async Task Nothing_is_lost_by_a_silo_whose_clock_is_ahead()
    {
        await using SiloProcess right = await SiloProcess.StartAsync(database.ConnectionString, Cluster);
        foreach (string id in Ids())
        {
            await ExpectAsync(
                HttpStatusCode.Created,
                right.Http.PutAsJsonAsync($"/v1/conversations/{id}", new { ttl = new { seconds = LifeSeconds } })
            );
            await ExpectAsync(HttpStatusCode.Created, PostAsync(right, id, "first"));
        }

        await ExpectAsync(
            HttpStatusCode.Created,
            right.Http.PostAsJsonAsync(
                "/v1/memories",
                new
                {
                    user = "ada",
                    contents = new[] { "She likes green tea." },
                    ttlSeconds = LifeSeconds,
                }
            )
        );
        Assert.Equal(0, await right.StopAsync());

        // Its activations, and its sweep at the start, have every opportunity to remove; the stop ends the activations, which is one more.
        await using (SiloProcess ahead = await StartAheadAsync())
        {
            await ExpectAsync(HttpStatusCode.ServiceUnavailable, ahead.Http.GetAsync("/health/ready"));
            Assert.Contains("ahead of PostgreSQL's", ahead.Log, StringComparison.Ordinal);
            foreach (string id in Ids())
            {
                await ExpectAsync(HttpStatusCode.NotFound, ahead.Http.GetAsync($"/v1/conversations/{id}"));
                await ExpectAsync(HttpStatusCode.ServiceUnavailable, PostAsync(ahead, id, "second"));
            }

            await ahead.StopAsync();
        }

        await AssertAllThereAsync();

        // Killed, it leaves a row in which it was alive two hours from now.
        await using (SiloProcess ahead = await StartAheadAsync())
        {
            await ahead.KillAsync();
        }

        Assert.Equal(
            1L,
            await database.ExecuteAsync(
                "select count(*) from orleans_memory.orleans_member where status = 3 and alive_time > now() + interval '1 hour'"
            )
        );
        await right.StartAgainAsync().WaitAsync(StartLimit);
        foreach (string id in Ids())
        {
            await ExpectAsync(HttpStatusCode.Created, PostAsync(right, id, "second"));
        }

        await AssertAllThereAsync();
    }

    private static IEnumerable<string> Ids() => Enumerable.Range(0, Conversations).Select(i => $"c{i}");

    private static Task<HttpResponseMessage> PostAsync(SiloProcess silo, string id, string turnId) =>
        silo.Http.PostAsJsonAsync(
            $"/v1/conversations/{id}/turns",
            new { turnId, messages = new[] { new { role = "user", content = turnId } } }
        );

    private static async Task ExpectAsync(HttpStatusCode status, Task<HttpResponseMessage> asking)
    {
        using HttpResponseMessage response = await asking;
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    private Task<SiloProcess> StartAheadAsync() =>
        SiloProcess.StartUnreadyAsync(database.ConnectionString, [.. Cluster, .. FaketimeFactAttribute.Ahead(Skew)]);

    private async Task AssertAllThereAsync()
    {
        Assert.Equal(
            (long)Conversations,
            await database.ExecuteAsync("select count(*) from orleans_memory.conversation where state = 0 and expires_at > now()")
        );
        Assert.Equal(1L, await database.ExecuteAsync("select count(*) from orleans_memory.memory where state = 0 and expires_at > now()"));
    }
}
