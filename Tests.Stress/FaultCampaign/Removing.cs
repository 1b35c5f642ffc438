using System.Globalization;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Deletes a conversation and erases a user in mid schedule, each with a fork, and looks for what is left.</summary>
/// <param name="caller">By whom.</param>
/// <param name="history">Is told what was seen.</param>
/// <param name="seed">Whose names it uses.</param>
internal sealed class Removing(Caller caller, History history, int seed)
{
    private const int Turns = 4;

    private readonly Writing _writing = new(caller, history);
    private readonly Reading _reading = new(caller, history);

    /// <summary>What is deleted.</summary>
    public string Deleted => Name("d0");

    /// <summary>A fork of it, which stays.</summary>
    public string Kept => Name("d1");

    /// <summary>What is erased.</summary>
    public string Erased => Name("e0");

    /// <summary>A fork of it, of the same user.</summary>
    public string ErasedFork => Name("e1");

    private string User => Name("user");

    /// <summary>Writes, deletes, and looks.</summary>
    public async Task DeleteAsync(Random random, TimeSpan at)
    {
        Task due = Task.Delay(at);
        await WriteAsync(random, Deleted, "");
        await _writing.ForkAsync(random, Deleted, Kept);
        await due;
        DateTimeOffset began = History.Now;
        Answer answer = await caller.InsistAsync(random, "DELETE", $"/v1/conversations/{Deleted}");
        if (answer.Status == 200 || answer is { Status: 404, Attempts: > 1 })
        {
            history.Deletions.Enqueue(new Removed(Deleted, began, answer.Ended));
            await LookAsync(random, Deleted);
        }
        else
        {
            caller.Accuse($"DELETE of {Deleted}", answer);
        }
    }

    /// <summary>Writes, erases, and looks.</summary>
    public async Task EraseAsync(Random random, TimeSpan at)
    {
        Task due = Task.Delay(at);
        await WriteAsync(random, Erased, $$$""","settings":{"userId":"{{{User}}}"}""");
        await _writing.ForkAsync(random, Erased, ErasedFork);
        await due;
        DateTimeOffset began = History.Now;
        Answer answer = await caller.InsistAsync(random, "DELETE", $"/v1/users/{User}");
        if (answer.Status == 200)
        {
            history.Erasures.Enqueue(new Removed(Erased, began, answer.Ended));
            history.Erasures.Enqueue(new Removed(ErasedFork, began, answer.Ended));
            await LookAsync(random, Erased);
            await LookAsync(random, ErasedFork);
        }
        else
        {
            caller.Accuse($"erasure of {User}", answer);
        }
    }

    /// <summary>Looks everywhere for what was removed.</summary>
    public async Task LookAfterwardsAsync(Random random)
    {
        foreach (Removed removal in history.Removals.ToArray())
        {
            await LookAsync(random, removal.Conversation);
            if (removal.Conversation != ErasedFork)
            {
                await SendAgainAsync(random, removal.Conversation);
            }
        }

        Answer list = await caller.InsistAsync(random, "GET", $"/v1/conversations?userId={User}");
        if (!history.Erasures.IsEmpty && (list.Status != 200 || list.Body.GetProperty("conversations").GetArrayLength() > 0))
        {
            caller.Accuse($"list of {User}, who was erased", list, Checks.Gone);
        }
    }

    private async Task LookAsync(Random random, string conversation)
    {
        for (int look = 0; look < 4; look++)
        {
            await _reading.ReadAsync(random, "remover", conversation);
        }
    }

    /// <summary>What was removed does not come back when it is sent again.</summary>
    private async Task SendAgainAsync(Random random, string conversation)
    {
        Answer answer = await caller.InsistAsync(
            random,
            "POST",
            $"/v1/conversations/{conversation}/turns",
            Writing.Turn(conversation + "-w-0")
        );
        if (answer.Status != 410)
        {
            caller.Accuse($"{conversation}-w-0 sent again after its removal", answer, Checks.Gone);
        }
    }

    private async Task WriteAsync(Random random, string conversation, string settings)
    {
        for (int i = 0; i < Turns; i++)
        {
            await _writing.CommitAsync(
                random,
                conversation,
                string.Create(CultureInfo.InvariantCulture, $"{conversation}-w-{i}"),
                settings
            );
        }
    }

    private string Name(string what) => string.Create(CultureInfo.InvariantCulture, $"s{seed}-{what}");
}
