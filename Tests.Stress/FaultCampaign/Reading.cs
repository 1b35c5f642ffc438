using System.Text.Json;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Reads heads and newest pages.</summary>
/// <param name="caller">By whom.</param>
/// <param name="history">Is told what was read.</param>
internal sealed class Reading(Caller caller, History history)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Reads until told to end.</summary>
    /// <param name="random">What is read where.</param>
    /// <param name="reader">The reader's name.</param>
    /// <param name="conversations">What there is to read.</param>
    /// <param name="end">Ends it.</param>
    public async Task RunAsync(Random random, string reader, Func<IReadOnlyList<string>> conversations, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            IReadOnlyList<string> known = conversations();
            await ReadAsync(random, reader, known[random.Next(known.Count)]);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>Reads once.</summary>
    public async Task ReadAsync(Random random, string reader, string conversation)
    {
        bool head = random.Next(2) == 0;
        string path = $"/v1/conversations/{conversation}{(head ? "" : "/messages?limit=6")}";
        Answer answer = await caller.AskAsync(random.Next(caller.Silos), "GET", path);
        if (answer.Status is 200 or 404)
        {
            (long version, long last) = answer.Status == 404 ? (0, 0)
                : head ? (answer.Body.GetProperty("version").GetInt64(), answer.Body.GetProperty("lastSequence").GetInt64())
                : (0, Messages(answer.Body).Select(message => message.Sequence).LastOrDefault());
            history.Reads.Enqueue(new Read(conversation, reader, path, answer.Silo, answer.Sent, answer.Ended, answer.Status, version, last));
        }
    }

    /// <summary>Reads a whole log by way of one silo; tries again while there is no answer.</summary>
    public async Task<WholeLog?> ReadWholeAsync(int silo, string conversation, CancellationToken deadline)
    {
        var messages = new List<(long, string)>();
        JsonElement head = await InsistAtAsync(silo, $"/v1/conversations/{conversation}", deadline);
        for (long after = 0; head.ValueKind == JsonValueKind.Object;)
        {
            JsonElement page = await InsistAtAsync(silo, FormattableString.Invariant($"/v1/conversations/{conversation}/messages?limit=500&after={after}"), deadline);
            messages.AddRange(Messages(page));
            if (!page.TryGetProperty("next", out JsonElement next) || next.ValueKind != JsonValueKind.Number)
            {
                return new WholeLog(conversation, silo, head.GetProperty("version").GetInt64(), messages);
            }

            after = next.GetInt64();
        }

        return null;
    }

    /// <summary>The sequences and texts of a page.</summary>
    public static IEnumerable<(long Sequence, string Text)> Messages(JsonElement page) => page.GetProperty("messages").EnumerateArray().Select(Message);

    /// <summary>The sequence and text of a message.</summary>
    public static (long Sequence, string Text) Message(JsonElement message) =>
        (message.GetProperty("sequence").GetInt64(), message.GetProperty("contents")[0].GetProperty("text").GetString()!);

    private async Task<JsonElement> InsistAtAsync(int silo, string path, CancellationToken deadline)
    {
        while (true)
        {
            Answer answer = await caller.AskAsync(silo, "GET", path);
            if (answer.Status == 200)
            {
                return answer.Body;
            }

            if (answer.Status is not (0 or 429 or >= 500))
            {
                caller.Accuse($"GET {path} when everything was over", answer, Checks.Turns);
                return default;
            }

            await Task.Delay(50, deadline);
        }
    }
}
