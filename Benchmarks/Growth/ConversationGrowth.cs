using System.Globalization;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Floors;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;
using OrleansMemory.Expiry;
using OrleansMemory.Grains.Expiry;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>What becomes dearer when there are more and more conversations?</summary>
/// <remarks>
/// Sizes cannot alternate, since the same tables grow: a bare commit is timed at every size, and tells whether the machine has changed
/// meanwhile. All of it is in the file cache of one machine; one figure is of reads after the operating system was told to forget the
/// server's files.
/// </remarks>
internal sealed class ConversationGrowth : IBenchmark
{
    private static readonly int[] Sizes = [10_000, 100_000, 1_000_000, 5_000_000];

    // Enough that others on the machine do not spoil all of them.
    private const int Rounds = 5;

    private const int Callers = 256;

    // All that are touched, each once, have to fit into half of the smallest size.
    private const int ColdAppends = 300;
    private const int Single = 100;

    private const double MebiBytes = 1024 * 1024;

    private static readonly MessageQuery Newest = MessageQuery.Newest with { Limit = 20 };

    public string Name => "growth-conversations";

    public async Task RunAsync(BenchmarkRun run)
    {
        GrownConversations grown = await GrownConversations.CreateAsync(run.Database);
        await using BareCommits bare = await BareCommits.StartAsync(run.Database);
        var curve = new GrowthCurve(run, Name, "conversations");
        foreach (int size in run.UpToLargest(Sizes))
        {
            BenchmarkRun.Tell(FormattableString.Invariant($"making {size:N0} conversations"));
            TableSizes? before = grown.Count > 0 ? await TableSizes.ReadAsync(grown.Storage) : null;
            int more = size - grown.Count;
            double seconds = (await PairedTimes.TimeAsync(() => grown.GrowAsync(size))).TotalSeconds;
            BenchmarkRun.Tell(FormattableString.Invariant($"made {more / seconds:N0} a second"));
            var vacuum = await PairedTimes.TimeAsync(() => run.Database.ExecuteInAsync(grown.Storage.Schema, "vacuum (analyze)"));
            curve.Report("vacuum and analyze of all tables after they grew", "s", size, vacuum.TotalSeconds);
            TableSizes sizes = await TableSizes.ReadAsync(grown.Storage);
            curve.Report("on disk", "MiB", size, sizes.Total / MebiBytes);
            sizes.Report(
                curve,
                FormattableString.Invariant($"conversation of {GrownConversations.MessagesEach} messages"),
                size,
                more,
                before
            );
            await run.Database.SettleAsync();
            await SingleAsync(Single, _ => bare.CommitAsync().AsTask());
            curve.Report("a bare row committed, p50", "ms", size, await SingleAsync(Single, _ => bare.CommitAsync().AsTask()));
            await using BenchmarkHost host = await BenchmarkHost.StartAsync(grown.Storage);
            await MeasureAsync(run, curve, grown, host);
        }
    }

    private static async Task MeasureAsync(BenchmarkRun run, GrowthCurve curve, GrownConversations grown, BenchmarkHost host)
    {
        int size = grown.Count;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var fresh = new Queue<GrownConversation>(
            await grown.SampleAsync(((Rounds + 1) * (ColdAppends + (3 * Single))) + (3 * Single) + Callers)
        );
        IConversationGrain[] warm = Take(host, fresh, Callers);
        await Task.WhenAll(warm.Select(grain => grain.CommitAsync(ConversationInput.Turn())));
        await run.Database.SettleAsync();
        List<double> coldRate = [],
            coldAppend = [],
            read = [],
            list = [],
            missing = [],
            warmAppend = [];
        var rates = new List<LoopResult>();

        // The first round is not counted: code is compiled, plans are made.
        for (int round = -1; round < Rounds; round++)
        {
            IConversationGrain[] cold = Take(host, fresh, ColdAppends);
            coldRate.Add(ColdAppends / (await PairedTimes.TimeAsync(() => AllAsync(cold))).TotalSeconds);
            IConversationGrain[] appended = Take(host, fresh, Single);
            coldAppend.Add(await SingleAsync(Single, i => appended[i].CommitAsync(ConversationInput.Turn())));
            IConversationGrain[] first = Take(host, fresh, Single);
            read.Add(await SingleAsync(Single, i => first[i].GetMessagesAsync(Newest)));
            GrownConversation[] listed = [.. Enumerable.Range(0, Single).Select(_ => fresh.Dequeue())];
            list.Add(
                await SingleAsync(
                    Single,
                    i =>
                        host.Store.ListAsync(
                            new ListScan
                            {
                                Tenant = listed[i].Tenant,
                                UserId = listed[i].User,
                                Limit = 50,
                                Now = TimeProvider.System.GetUtcNow(),
                            },
                            CancellationToken.None
                        )
                )
            );
            missing.Add(await SingleAsync(Single, _ => host.Conversation(ConversationInput.NewId()).GetHeadAsync()));
            rates.Add(await run.LoopAsync(Callers, async caller => await warm[caller].CommitAsync(ConversationInput.Turn())));
            warmAppend.Add(await SingleAsync(Single, i => warm[i].CommitAsync(ConversationInput.Turn())));
        }

        foreach (List<double> taken in (List<double>[])[coldRate, coldAppend, read, list, missing, warmAppend])
        {
            taken.RemoveAt(0);
        }

        rates.RemoveAt(0);
        curve.Report("durable appends to 256 warm conversations, 256 callers", "/s", size, Samples.Of(rates, rate => rate.PerSecond));
        curve.Report("the same, processor time of PostgreSQL", "µs", size, Samples.Of(rates, rate => rate.ServerMicroseconds));
        curve.Report("append to a warm conversation, 1 caller, p50", "ms", size, new Samples(warmAppend));
        curve.Report("durable appends to cold conversations, 64 callers", "/s", size, new Samples(coldRate));
        curve.Report("append to a cold conversation, 1 caller, p50", "ms", size, new Samples(coldAppend));
        curve.Report("first read of a conversation, p50", "ms", size, new Samples(read));
        curve.Report("a user's newest 50 conversations, p50", "ms", size, new Samples(list));
        curve.Report("read of a conversation that does not exist, p50", "ms", size, new Samples(missing));
        await MeasureSweepAsync(curve, host, size);
        await MeasureWalAsync(run, curve, Take(host, fresh, Single), size);
        curve.Report(
            "managed memory of what the silo then holds: some three thousand active conversations",
            "MiB",
            size,
            (GC.GetTotalMemory(forceFullCollection: true) - before) / MebiBytes
        );
        await FileCache.ForgetAsync(run.Database);
        IConversationGrain[] ofDisk = Take(host, fresh, Single);
        curve.Report(
            "first read of a conversation, the files not in the file cache, p50",
            "ms",
            size,
            await SingleAsync(Single, i => ofDisk[i].GetMessagesAsync(Newest))
        );
    }

    private static async Task MeasureSweepAsync(GrowthCurve curve, BenchmarkHost host, int size)
    {
        int positions = new ExpiryOptions().Grains;
        var taken = new List<double>();
        for (int round = -1; round < Rounds; round++)
        {
            TimeSpan all = await PairedTimes.TimeAsync(async () =>
            {
                for (int position = 0; position < positions; position++)
                {
                    await host.Grains.GetGrain<IExpiryGrain>(position.ToString(CultureInfo.InvariantCulture)).SweepAsync();
                }
            });
            if (round >= 0)
            {
                taken.Add(all.TotalMilliseconds);
            }
        }

        curve.Report("a sweep of the whole expiry wheel with nothing due", "ms", size, new Samples(taken));
    }

    // One append, one transaction: the dearest case. The first ones touch pages that nothing has touched since the checkpoint, the others
    // mostly the same pages again.
    private static async Task MeasureWalAsync(BenchmarkRun run, GrowthCurve curve, IConversationGrain[] cold, int size)
    {
        await run.Database.SettleAsync();
        curve.Report(
            "WAL per append, the first to a conversation since the checkpoint, page images included",
            "bytes",
            size,
            await WalAsync()
        );
        curve.Report("WAL per append, the later ones", "bytes", size, new Samples([await WalAsync(), await WalAsync(), await WalAsync()]));

        async Task<double> WalAsync()
        {
            long from = (await run.Database.ReadRowAsync(BenchmarkSql.ReadWalPosition))[0];
            foreach (IConversationGrain grain in cold)
            {
                await grain.CommitAsync(ConversationInput.Turn());
            }

            return ((await run.Database.ReadRowAsync(BenchmarkSql.ReadWalPosition))[0] - from) / (double)cold.Length;
        }
    }

    private static IConversationGrain[] Take(BenchmarkHost host, Queue<GrownConversation> fresh, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => fresh.Dequeue())
                .Select(conversation => host.ConversationOf(conversation.Tenant, conversation.Id)),
        ];

    private static Task AllAsync(IConversationGrain[] cold) =>
        Parallel.ForEachAsync(
            cold,
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (grain, _) => await grain.CommitAsync(ConversationInput.Turn(), CancellationToken.None)
        );

    /// <summary>The median of operations that one caller does one after the other, in milliseconds.</summary>
    private static async Task<double> SingleAsync(int count, Func<int, Task> operation)
    {
        double[] taken = new double[count];
        for (int i = 0; i < count; i++)
        {
            taken[i] = (await PairedTimes.TimeAsync(() => operation(i))).TotalMilliseconds;
        }

        return new Samples(taken).Median;
    }
}
