using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>The silo's process is killed (SIGKILL) in mid load over HTTP and started again.</summary>
public sealed class SiloCrashTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Writers = 8;
    private const int TurnsPerWriter = 50;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_retried_turns_do_not_double()
    {
        await using SiloProcess silo = await SiloProcess.StartAsync(database.ConnectionString);
        var ledger = new Ledger();
        var crashDue = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task writing = Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(async writer =>
                {
                    for (int i = 0; i < TurnsPerWriter; i++)
                    {
                        string conversation = $"c{(writer + i) % 5}";
                        string turnId = $"{writer}-{i}";
                        ledger.Acknowledge(conversation, turnId, await PostUntilAcknowledgedAsync(silo, conversation, turnId));
                        if (ledger.Count >= Writers * TurnsPerWriter / 3)
                        {
                            crashDue.TrySetResult();
                        }
                    }
                })
        );
        await crashDue.Task;
        await silo.KillAsync();
        await silo.StartAgainAsync();
        await writing;

        Assert.Equal(Writers * TurnsPerWriter, ledger.Count);
        await using GrainHost fresh = await GrainHost.OnPostgresAsync(database.ConnectionString);
        await ledger.VerifyAsync(conversation => Ledger.ReadAsync(fresh.Conversation(conversation, "default")));
    }

    private static async Task<TurnReceipt> PostUntilAcknowledgedAsync(SiloProcess silo, string conversation, string turnId)
    {
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await silo.Http.PostAsJsonAsync(
                    $"/v1/conversations/{conversation}/turns",
                    new
                    {
                        turnId,
                        messages = new[] { new { role = "user", content = turnId }, new { role = "assistant", content = turnId } },
                    }
                );
                if (response.IsSuccessStatusCode)
                {
                    JsonElement receipt = await response.Content.ReadFromJsonAsync<JsonElement>();
                    return new TurnReceipt
                    {
                        Version = receipt.GetProperty("version").GetInt64(),
                        FirstSequence = receipt.GetProperty("firstSequence").GetInt64(),
                        LastSequence = receipt.GetProperty("lastSequence").GetInt64(),
                    };
                }

                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            }
            catch (HttpRequestException)
            {
                // Killed: the same turn again, once it is back.
                await silo.Running;
            }
        }
    }
}
