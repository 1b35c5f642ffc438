using System.Globalization;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Writes what expires, and looks at it before and after.</summary>
/// <param name="caller">By whom.</param>
/// <param name="history">Is told what was seen.</param>
/// <param name="seed">Whose names it uses.</param>
internal sealed class Expiring(Caller caller, History history, int seed)
{
    private const int FewestLives = 3;

    private readonly Writing _writing = new(caller, history);

    private string Entries => string.Create(CultureInfo.InvariantCulture, $"s{seed}-t0");

    /// <summary>Writes and looks until told to end, then until everything has expired.</summary>
    /// <param name="end">Ends the writing.</param>
    public async Task RunAsync(Random random, CancellationToken end)
    {
        await _writing.CommitAsync(random, Entries, Entries + "-w-0");
        for (int i = 0; i < FewestLives || !end.IsCancellationRequested; i++)
        {
            if (i % 3 == 2)
            {
                await BeginConversationAsync(random, string.Create(CultureInfo.InvariantCulture, $"s{seed}-x{i}"));
            }
            else
            {
                await WriteEntryAsync(random, string.Create(CultureInfo.InvariantCulture, $"k{i}"));
            }

            for (int look = 0; look < 6; look++)
            {
                await LookAsync(random);
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    /// <summary>Looks at everything once it has expired, at every silo.</summary>
    public async Task LookAfterwardsAsync()
    {
        if (history.Lives.IsEmpty)
        {
            return;
        }

        TimeSpan left = history.Lives.Max(life => life.At + life.TimeToLive) - History.Now;
        await Task.Delay(left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(60) : TimeSpan.Zero);
        for (int silo = 0; silo < caller.Silos; silo++)
        {
            await ListAsync(silo);
            foreach (ShortLife life in history.Lives.Where(life => life.Key.Length == 0))
            {
                await LookAsync(silo, life);
            }
        }
    }

    private async Task WriteEntryAsync(Random random, string key)
    {
        TimeSpan life = TimeSpan.FromMilliseconds(random.Next(400, 1800));
        Answer answer = await caller.InsistAsync(
            random,
            "PUT",
            string.Create(
                CultureInfo.InvariantCulture,
                $"/v1/conversations/{Entries}/entries/ns/{key}?ttlSeconds={life.TotalSeconds:0.000}"
            ),
            "\"" + key + "\"",
            Entries + key
        );
        if (answer.Status == 200)
        {
            _writing.Acknowledge(Entries, Entries + key, answer);
            history.Lives.Enqueue(new ShortLife(Entries, key, answer.Sent, answer.Ended, life));
        }
        else
        {
            caller.Accuse($"{key} of {Entries}", answer);
        }
    }

    /// <summary>Once: what is sent again after it has expired would begin another conversation.</summary>
    private async Task BeginConversationAsync(Random random, string id)
    {
        TimeSpan life = TimeSpan.FromMilliseconds(random.Next(500, 1800));
        string settings = string.Create(
            CultureInfo.InvariantCulture,
            $",\"settings\":{{\"ttl\":{{\"seconds\":{life.TotalSeconds:0.000}}}}}"
        );
        Answer answer = await caller.AskAsync(
            random.Next(caller.Silos),
            "POST",
            $"/v1/conversations/{id}/turns",
            Writing.Turn(id + "-w-0", settings)
        );
        if (answer.Status == 201)
        {
            history.Lives.Enqueue(new ShortLife(id, "", answer.Sent, answer.Ended, life));
        }
    }

    private async Task LookAsync(Random random)
    {
        ShortLife[] lives = [.. history.Lives.Reverse().Take(5)];
        if (lives.Length == 0)
        {
            return;
        }

        int silo = random.Next(caller.Silos);
        if (random.Next(4) == 0)
        {
            await ListAsync(silo);
        }
        else
        {
            await LookAsync(silo, lives[random.Next(lives.Length)]);
        }
    }

    private async Task LookAsync(int silo, ShortLife life)
    {
        string path = $"/v1/conversations/{life.Conversation}{(life.Key.Length == 0 ? "" : "/entries/ns/" + life.Key)}";
        Answer answer = await caller.AskAsync(silo, "GET", path);
        if (answer.Status is 200 or 404)
        {
            history.Looks.Enqueue(new Look(life.Conversation, life.Key, silo, answer.Sent, answer.Ended, answer.Status == 200));
        }
    }

    private async Task ListAsync(int silo)
    {
        ShortLife[] known = [.. history.Lives.Where(life => life.Key.Length > 0)];
        Answer answer = await caller.AskAsync(silo, "GET", $"/v1/conversations/{Entries}/entries/ns");
        if (answer.Status == 200)
        {
            HashSet<string> shown =
            [
                .. answer.Body.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("key").GetString()!),
            ];
            foreach (ShortLife life in known)
            {
                history.Looks.Enqueue(new Look(life.Conversation, life.Key, silo, answer.Sent, answer.Ended, shown.Contains(life.Key)));
            }
        }
    }
}
