using System.Collections.Immutable;
using System.Globalization;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>
/// Runs one schedule on a cluster that lives on: load, faults, then everything that is still open, then a look from outside.
/// </summary>
internal sealed class ScheduleRun(SchedulePlan plan, CampaignCluster cluster)
{
    private const int Conversations = 3;
    private const int FewestTurns = 5;

    /// <summary>What takes longer hangs: starts, elections and the waits of requests are all shorter.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(240);

    private readonly List<Following> _feeds = [];
    private ImmutableArray<string> _written =
    [
        .. Enumerable.Range(0, Conversations).Select(i => string.Create(CultureInfo.InvariantCulture, $"s{plan.Seed}-c{i}")),
    ];

    /// <summary>What was seen.</summary>
    public History History { get; } = new();

    /// <summary>Runs it.</summary>
    public async Task RunAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await RunAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            string open = string.Join(", ", _feeds.Where(feed => !feed.IsDone));
            History.Accuse(
                Checks.Liveness,
                $"something was not answered within {Deadline.TotalSeconds} s, as the timeline tells; feeds that are not complete: {open}"
            );
        }
    }

    private async Task RunAsync(CancellationToken deadline)
    {
        var caller = new Caller(cluster.Silos, History, deadline);
        var removing = new Removing(caller, History, plan.Seed);
        var expiring = new Expiring(caller, History, plan.Seed);
        var reading = new Reading(caller, History);
        var settled = new TaskCompletionSource<IReadOnlyDictionary<string, long>>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var work = new CancellationTokenSource(plan.Work);
        using var readers = new CancellationTokenSource();
        Random random = Chance(0);

        Task faults = Task.WhenAll(plan.Faults.Select(ApplyAsync));
        Task[] writers =
        [
            .. Enumerable.Range(0, plan.Writers).Select(i => WriteAsync(caller, i, work.Token)),
            ForkAsync(caller, Chance(10)),
            expiring.RunAsync(Chance(11), work.Token),
            removing.DeleteAsync(Chance(12), TimeSpan.FromMilliseconds(random.Next(400, (int)plan.Work.TotalMilliseconds))),
            removing.EraseAsync(Chance(13), TimeSpan.FromMilliseconds(random.Next(400, (int)plan.Work.TotalMilliseconds))),
        ];
        Task[] others =
        [
            .. Enumerable.Range(0, 2).Select(i => reading.RunAsync(Chance(20 + i), $"reader {i}", () => _written, readers.Token)),
            .. _written
                .Append(removing.Deleted)
                .Append(removing.Erased)
                .Append(Fork)
                .Select((id, i) => FollowAsync(caller, id, i, settled.Task, deadline)),
        ];

        await Task.WhenAll(writers.Append(faults));
        History.Tell("everything is acknowledged");
        await readers.CancelAsync();
        // Chance may have written nothing to one.
        settled.SetResult(
            _written
                .Select(id => (Conversation: id, Last: 0L))
                .Concat(
                    History
                        .Turns.Select(turn => (turn.Conversation, turn.Last))
                        .Concat(History.Forks.Select(fork => (fork.Conversation, Last: fork.Sequence)))
                )
                .Where(last => _written.Contains(last.Conversation))
                .GroupBy(last => last.Conversation)
                .ToDictionary(of => of.Key, of => of.Max(last => last.Last))
        );
        await expiring.LookAfterwardsAsync();
        History.Tell("what had a time to live has expired");
        await removing.LookAfterwardsAsync(random);
        History.Tell("what was removed was looked for");
        await Task.WhenAll(others);
        History.Tell("feeds are complete");

        // Silos that were killed last may still be starting: every one that answers is asked, and at least one must.
        await ReadWholeAsync(reading, removing, deadline);
    }

    private string Fork => string.Create(CultureInfo.InvariantCulture, $"s{plan.Seed}-f0");

    private Random Chance(int worker) => new((plan.Seed * 64) + worker);

    private async Task ApplyAsync(Fault fault)
    {
        await Task.Delay(fault.At);
        DateTimeOffset from = History.Now;
        await cluster.ApplyAsync(fault, History.Tell);
        if (fault.Kind == FaultKind.StepClock)
        {
            History.Clocks.Enqueue(new ClockOff(from, History.Now, fault.Detail));
        }
    }

    private async Task WriteAsync(Caller caller, int writer, CancellationToken end)
    {
        Random random = Chance(30 + writer);
        var writing = new Writing(caller, History);
        for (int i = 0; i < FewestTurns || !end.IsCancellationRequested; i++)
        {
            ImmutableArray<string> written = _written;
            string conversation = written[random.Next(written.Length)];
            await writing.CommitAsync(random, conversation, string.Create(CultureInfo.InvariantCulture, $"{conversation}-w{writer}-{i}"));
            await Task.Delay(plan.Pace, CancellationToken.None);
        }
    }

    private async Task ForkAsync(Caller caller, Random random)
    {
        await Task.Delay(random.Next(300, 1000));
        var writing = new Writing(caller, History);
        await writing.CommitAsync(random, _written[0], _written[0] + "-f-0");
        await writing.ForkAsync(random, _written[0], Fork);
        if (History.Forks.Any(fork => fork.Conversation == Fork))
        {
            ImmutableInterlocked.Update(ref _written, known => known.Add(Fork));
        }
    }

    private Task FollowAsync(
        Caller caller,
        string conversation,
        int place,
        Task<IReadOnlyDictionary<string, long>> settled,
        CancellationToken deadline
    )
    {
        var feed = new Following(caller, History, conversation, "follower " + conversation);
        _feeds.Add(feed);
        return feed.RunAsync(Chance(40 + place), settled, deadline);
    }

    private async Task ReadWholeAsync(Reading reading, Removing removing, CancellationToken deadline)
    {
        string[] conversations = [.. _written, removing.Kept, string.Create(CultureInfo.InvariantCulture, $"s{plan.Seed}-t0")];
        while (conversations.Except(History.Logs.Select(log => log.Conversation)).FirstOrDefault() is not null)
        {
            for (int silo = 0; silo < SchedulePlan.Silos; silo++)
            {
                await ReadWholeAsync(reading, silo, conversations, deadline);
            }
        }
    }

    private async Task ReadWholeAsync(Reading reading, int silo, string[] conversations, CancellationToken deadline)
    {
        foreach (string conversation in conversations)
        {
            deadline.ThrowIfCancellationRequested();
            if (await reading.ReadWholeAsync(silo, conversation) is { } log)
            {
                History.Logs.Enqueue(log);
            }
        }
    }
}
