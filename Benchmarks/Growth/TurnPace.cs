using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>Which turns leave index entries behind, and what free room in the pages of heads changes about it?</summary>
/// <param name="run">Where to measure and to report.</param>
/// <param name="benchmark">The question.</param>
internal sealed class TurnPace(BenchmarkRun run, string benchmark)
{
    private const int Conversations = 50_000;
    private const int Active = 1_000;

    // Turns of each active conversation at each pace.
    private const int Turns = 6;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(2);

    /// <summary>Measures with heads of one fill factor.</summary>
    /// <param name="fillFactor">The fill factor, in percent.</param>
    /// <returns>A task that ends when it is reported.</returns>
    public async Task MeasureAsync(int fillFactor)
    {
        BenchmarkRun.Tell(FormattableString.Invariant($"turns at fill factor {fillFactor}"));
        GrownConversations grown = await GrownConversations.CreateAsync(run.Database);
        await run.Database.ExecuteInAsync(
            grown.Storage.Schema,
            FormattableString.Invariant($"alter table conversation set (fillfactor = {fillFactor})")
        );
        await grown.GrowAsync(Conversations);
        await run.Database.ExecuteInAsync(grown.Storage.Schema, "vacuum (analyze)");
        TableSizes sizes = await TableSizes.ReadAsync(grown.Storage);
        Report("heads and their indexes, for one conversation", "bytes", sizes.Of("conversation") / (double)Conversations);
        IReadOnlyList<GrownConversation> active = await grown.SampleAsync(Active);
        var clock = new ShiftedTime();

        // Conversations that began together lie together, and are often in use together: the least room for each.
        await PaceAsync(
            "turns within a minute of conversations that lie together",
            await grown.NeighboursAsync(Active),
            clock,
            Soon,
            settings: null
        );
        await PaceAsync("turns of a conversation within a minute", active, clock, Soon, settings: null);
        await PaceAsync("turns of a conversation more than a minute apart", active, clock, Later, settings: null);
        var sliding = new TimeToLive { Duration = TimeSpan.FromDays(30), Sliding = true };
        await PaceAsync(
            "turns within a minute of a conversation whose time to live slides",
            active,
            clock,
            Soon,
            new SettingsChange
            {
                Values = new ConversationSettings { TimeToLive = sliding },
                Fields = SettingsFields.TimeToLive,
            }
        );
        TableSizes after = await TableSizes.ReadAsync(grown.Storage);
        Report(
            "heads and their indexes after these turns, more than before, for one turn",
            "bytes",
            (after.Of("conversation") - sizes.Of("conversation")) / (4.0 * Active * (Turns + 1))
        );

        void Report(string what, string unit, double measured) =>
            run.Report(
                new Figure(benchmark, FormattableString.Invariant($"{what}, fill factor {fillFactor}"), unit, Samples.Of(measured))
                {
                    Curve = new CurvePoint(what, fillFactor),
                }
            );

        async Task PaceAsync(
            string pace,
            IReadOnlyList<GrownConversation> conversations,
            ShiftedTime time,
            TimeSpan step,
            SettingsChange? settings
        )
        {
            await TurnsAsync(1);
            await run.Database.SettleAsync();
            long[] before = await run.Database.ReadRowAsync(BenchmarkSql.ReadActivity, grown.Storage.Schema, "conversation");
            long wal = (await run.Database.ReadRowAsync(BenchmarkSql.ReadWalPosition))[0];
            await TurnsAsync(Turns);
            double written = (await run.Database.ReadRowAsync(BenchmarkSql.ReadWalPosition))[0] - wal;
            long[] activity = await run.Database.ReadRowAsync(BenchmarkSql.ReadActivity, grown.Storage.Schema, "conversation");
            Report(
                pace + ": heads updated without index entries (HOT)",
                "%",
                100.0 * (activity[1] - before[1]) / (activity[0] - before[0])
            );
            Report(pace + ": WAL per turn", "bytes", written / (Active * Turns));

            // A host for each: what its connections wrote is counted when they are closed.
            async Task TurnsAsync(int turns)
            {
                await using BenchmarkHost host = await BenchmarkHost.StartAsync(
                    grown.Storage,
                    services => services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, time)
                );
                for (int turn = 0; turn < turns; turn++)
                {
                    time.Shift(step);
                    await Parallel.ForEachAsync(
                        conversations,
                        new ParallelOptions { MaxDegreeOfParallelism = 64 },
                        async (conversation, _) =>
                            await host.ConversationOf(conversation.Tenant, conversation.Id)
                                .CommitAsync(
                                    ConversationInput.Turn() with
                                    {
                                        Settings = turns == 1 ? settings : null,
                                    },
                                    CancellationToken.None
                                )
                    );
                }
            }
        }
    }
}
