using System.Diagnostics;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.Postgres;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>What becomes dearer when a conversation has more and more messages, and what does a message take on disk?</summary>
internal sealed class MessageGrowth : IBenchmark
{
    private static readonly int[] Lengths = [10, 100, 1_000, 10_000, 100_000, 1_000_000];

    // Enough for a steady median.
    private const int Rounds = 300;

    // Each fork is a conversation that stays.
    private const int Forks = 60;

    // The short ones get ten appends at most, so that they stay about as short as they are said to be.
    private const int AppendsToEach = 10;

    // So many messages of each length that the last page of an index does not count.
    private const int MessagesOfLength = 5_000;

    private const int MessagesOfTurn = 1_000;

    private const int Page = 50;

    private static readonly MessageQuery Newest = MessageQuery.Newest with { Limit = 20 };

    private readonly MadeTexts _texts = new();
    private readonly Random _random = new(20261129);

    public string Name => "growth-messages";

    public async Task RunAsync(BenchmarkRun run)
    {
        PostgresStorageOptions storage = await run.Database.CreateSchemaAsync();
        var curve = new GrowthCurve(run, Name, "messages");
        int[] lengths = [.. run.UpToLargest(Lengths)];
        string[][] ids =
        [
            .. lengths.Select(length =>
                Enumerable
                    .Range(0, Math.Max(1, MessagesOfLength / length))
                    .Select(i => FormattableString.Invariant($"length-{length}-{i}"))
                    .ToArray()
            ),
        ];
        await using (BenchmarkHost filling = await BenchmarkHost.StartAsync(storage))
        {
            for (int i = 0; i < lengths.Length; i++)
            {
                BenchmarkRun.Tell(FormattableString.Invariant($"making conversations of {lengths[i]:N0} messages"));
                TableSizes before = await TableSizes.ReadAsync(storage);
                await FillAsync(filling, ids[i], lengths[i]);
                TableSizes after = await TableSizes.ReadAsync(storage);
                after.Report(curve, "message", lengths[i], (double)ids[i].Length * lengths[i], before);
            }
        }

        await run.Database.ExecuteInAsync(storage.Schema, "vacuum (analyze)");
        await run.Database.SettleAsync();
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(storage);
        IConversationGrain[][] grains =
        [
            .. ids.Select(each => each.Take((Rounds * 11 / 10 / AppendsToEach) + 1).Select(host.Conversation).ToArray()),
        ];
        foreach (IConversationGrain grain in grains.SelectMany(each => each))
        {
            await grain.GetHeadAsync();
        }

        await MeasureAsync(curve, lengths, grains);
        await SearchAsync(run, curve, host, lengths, ids);
    }

    private async Task FillAsync(BenchmarkHost host, string[] ids, int length) =>
        await Parallel.ForEachAsync(
            ids.Select(id => (Id: id, Turns: Turns(length))),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (conversation, _) =>
            {
                IConversationGrain grain = host.Conversation(conversation.Id);
                foreach (Turn turn in conversation.Turns)
                {
                    await grain.CommitAsync(turn, CancellationToken.None);
                }
            }
        );

    // One after the other, and made when they are asked for: the longest ones would fill the memory.
    private IEnumerable<Turn> Turns(int length)
    {
        for (int left = length; left > 0; left -= MessagesOfTurn)
        {
            Turn turn;
            lock (_texts)
            {
                turn = _texts.Turn(Math.Min(left, MessagesOfTurn));
            }

            yield return turn;
        }
    }

    private async Task MeasureAsync(GrowthCurve curve, int[] lengths, IConversationGrain[][] grains)
    {
        await EachAsync(
            "append, p50",
            Rounds,
            (grain, _) =>
            {
                Turn turn = ConversationInput.Turn();
                return PairedTimes.TimeAsync(() => grain.CommitAsync(turn));
            }
        );
        await EachAsync(
            "last 20 messages while it is active, p50",
            Rounds,
            (grain, _) => PairedTimes.TimeAsync(() => grain.GetMessagesAsync(Newest))
        );
        await EachAsync(
            "a page of 50 from the middle, p50",
            Rounds,
            (grain, length) =>
            {
                var query = new MessageQuery { Before = Math.Max(length / 4, 1) + _random.NextInt64(length / 2) + 1, Limit = Page };
                return PairedTimes.TimeAsync(() => grain.GetMessagesAsync(query));
            }
        );
        await EachAsync(
            "first read, p50",
            Rounds,
            async (grain, _) =>
            {
                await grain.RefreshAsync();
                return await PairedTimes.TimeAsync(() => grain.GetMessagesAsync(Newest));
            }
        );
        await EachAsync(
            "fork, p50",
            Forks,
            (grain, _) =>
            {
                var request = new ForkRequest { NewId = "fork-" + ConversationInput.NewId() };
                return PairedTimes.TimeAsync(() => grain.ForkAsync(request));
            }
        );

        async Task EachAsync(string what, int rounds, Func<IConversationGrain, int, Task<TimeSpan>> operation)
        {
            Samples[] taken = await PairedTimes.RunAsync(
                rounds,
                [
                    .. lengths.Select(
                        (length, i) => (Func<int, Task<TimeSpan>>)(round => operation(grains[i][round % grains[i].Length], length))
                    ),
                ]
            );
            for (int i = 0; i < lengths.Length; i++)
            {
                curve.Report(what, "ms", lengths[i], taken[i].Median);
            }
        }
    }

    private async Task SearchAsync(BenchmarkRun run, GrowthCurve curve, BenchmarkHost host, int[] lengths, string[][] ids)
    {
        for (int i = 0; i < lengths.Length; i++)
        {
            BenchmarkRun.Tell(FormattableString.Invariant($"searching conversations of {lengths[i]:N0} messages"));
            TableSizes before = await TableSizes.ReadAsync(host.Storage);
            double[] first = new double[ids[i].Length];
            for (int conversation = 0; conversation < first.Length; conversation++)
            {
                first[conversation] = await FirstSearchAsync(host.Conversation(ids[i][conversation]));
            }

            TableSizes after = await TableSizes.ReadAsync(host.Storage);
            curve.Report("first search, which makes the index, p50", "ms", lengths[i], new Samples(first).Median);
            after.Report(curve, "message that was searched, more than before", lengths[i], (double)ids[i].Length * lengths[i], before);
        }

        await run.Database.ExecuteInAsync(host.Storage.Schema, "vacuum (analyze)");
        Samples[] found = await PairedTimes.RunAsync(Rounds / 2, [.. ids.Select(each => SearchOf(each, _texts.Word))]);
        Samples[] unknown = await PairedTimes.RunAsync(Rounds / 2, [.. ids.Select(each => SearchOf(each, () => "xylophonist"))]);
        for (int i = 0; i < lengths.Length; i++)
        {
            curve.Report("search for a word as texts have them, p50", "ms", lengths[i], found[i].Median);
            curve.Report("search for a word as texts have them, p99", "ms", lengths[i], found[i].Quantile(0.99));
            curve.Report("search for a word that no text has, p50", "ms", lengths[i], unknown[i].Median);
        }

        Func<int, Task<TimeSpan>> SearchOf(string[] each, Func<string> word) =>
            round =>
            {
                IConversationGrain grain = host.Conversation(each[round % Math.Min(each.Length, Rounds / AppendsToEach)]);
                var query = new MessageSearchQuery { Text = word(), Limit = 20 };
                return PairedTimes.TimeAsync(() => grain.SearchAsync(query));
            };
    }

    // A search that outlasts the time of a call is asked again, as the client does: what it has indexed stays.
    private static async Task<double> FirstSearchAsync(IConversationGrain grain)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await grain.SearchAsync(new MessageSearchQuery { Text = "xylophonist" });
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
            catch (TimeoutException)
            {
                BenchmarkRun.Tell("the search goes on");
            }
        }
    }
}
