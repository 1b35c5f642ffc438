using System.Text.Json;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Reads heads and newest pages.</summary>
/// <param name="caller">By whom.</param>
/// <param name="history">Is told what was read.</param>
internal sealed class Reading(Caller caller, History history)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Reads until told to end.</summary>
    /// <param name="reader">The reader's name.</param>
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
            (long version, long last) =
                answer.Status == 404 ? (0, 0)
                : head ? (answer.Body.GetProperty("version").GetInt64(), answer.Body.GetProperty("lastSequence").GetInt64())
                : (0, Messages(answer.Body).Select(message => message.Sequence).LastOrDefault());
            history.Reads.Enqueue(
                new Read(conversation, reader, path, answer.Silo, answer.Sent, answer.Ended, answer.Status, version, last)
            );
        }
    }

    /// <summary>Reads a whole log by way of one silo.</summary>
    /// <returns>The log; <see langword="null"/> where the silo does not answer.</returns>
    public async Task<WholeLog?> ReadWholeAsync(int silo, string conversation)
    {
        var messages = new List<(long, string)>();
        Answer head = await caller.AskAsync(silo, "GET", $"/v1/conversations/{conversation}");
        if (head.Status == 404)
        {
            // What should be there is not: the check finds nothing in it.
            return new WholeLog(conversation, silo, 0, []);
        }

        for (long after = 0; head.Status == 200;)
        {
            Answer page = await caller.AskAsync(
                silo,
                "GET",
                FormattableString.Invariant($"/v1/conversations/{conversation}/messages?limit=500&after={after}")
            );
            if (page.Status != 200)
            {
                break;
            }

            messages.AddRange(Messages(page.Body));
            if (!page.Body.TryGetProperty("next", out JsonElement next) || next.ValueKind != JsonValueKind.Number)
            {
                return new WholeLog(conversation, silo, head.Body.GetProperty("version").GetInt64(), messages);
            }

            after = next.GetInt64();
        }

        return null;
    }

    /// <summary>The sequences and texts of a page.</summary>
    public static IEnumerable<(long Sequence, string Text)> Messages(JsonElement page) =>
        page.GetProperty("messages").EnumerateArray().Select(Message);

    /// <summary>The sequence and text of a message.</summary>
    public static (long Sequence, string Text) Message(JsonElement message) =>
        (message.GetProperty("sequence").GetInt64(), message.GetProperty("contents")[0].GetProperty("text").GetString()!);
}
