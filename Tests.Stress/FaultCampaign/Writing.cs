using System.Text.Json;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Writes turns, each until it is acknowledged.</summary>
/// <param name="caller">By whom.</param>
/// <param name="history">Is told what was acknowledged.</param>
internal sealed class Writing(Caller caller, History history)
{
    /// <summary>Commits a turn of two messages.</summary>
    /// <param name="random">Which silos are asked.</param>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="settings">Further members of the body.</param>
    public async Task CommitAsync(Random random, string conversation, string turnId, string settings = "")
    {
        Answer answer = await caller.InsistAsync(random, "POST", $"/v1/conversations/{conversation}/turns", Turn(turnId, settings));
        if (answer.Status is 200 or 201)
        {
            Acknowledge(conversation, turnId, answer);
        }
        else
        {
            caller.Accuse($"{turnId} of {conversation}", answer);
        }
    }

    /// <summary>The body of a turn, whose messages are its id with their numbers.</summary>
    public static string Turn(string turnId, string settings = "") =>
        $$$"""
            {"turnId":"{{{turnId}}}","messages":[{"role":"user","content":"{{{turnId}}}/0"},{"role":"assistant","content":"{{{turnId}}}/1"}]{{{settings}}}}
            """;

    /// <summary>Notes a receipt.</summary>
    public void Acknowledge(string conversation, string turnId, Answer answer) =>
        history.Turns.Enqueue(
            new Acknowledged(
                conversation,
                turnId,
                answer.Body.GetProperty("version").GetInt64(),
                Number(answer.Body, "firstSequence"),
                Number(answer.Body, "lastSequence"),
                answer.Ended
            )
        );

    /// <summary>Makes a fork.</summary>
    public async Task ForkAsync(Random random, string origin, string fork)
    {
        Answer answer = await caller.InsistAsync(random, "POST", $"/v1/conversations/{origin}/fork", $$"""{"newId":"{{fork}}"}""");
        if (answer is { Status: 409, Attempts: > 1 })
        {
            // An answer was lost.
            answer = await caller.InsistAsync(random, "GET", $"/v1/conversations/{fork}");
        }

        if (answer.Status is 200 or 201)
        {
            history.Forks.Enqueue(
                new Forked(
                    fork,
                    origin,
                    answer.Body.GetProperty("origin").GetProperty("sequence").GetInt64(),
                    answer.Body.GetProperty("version").GetInt64(),
                    answer.Ended
                )
            );
        }
        else
        {
            caller.Accuse($"fork {fork} of {origin}", answer);
        }
    }

    private static long Number(JsonElement body, string name) =>
        body.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number ? number.GetInt64() : 0;
}
