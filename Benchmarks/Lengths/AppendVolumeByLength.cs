using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Lengths;

/// <summary>
/// How much does one append write: rows, and bytes of write-ahead log? One caller, one append per transaction: the dearest case.
/// </summary>
/// <remarks>
/// The first change of a page after a checkpoint logs the whole page. That share falls with the appends between two checkpoints (5 minutes
/// by default) and says nothing about an append, so it is kept apart: first the appends right after a checkpoint, then those on pages that
/// were logged already.
/// </remarks>
internal sealed class AppendVolumeByLength : IBenchmark
{
    // The bound of DESIGN section 8.
    private const double MaxWalBytes = 1_500;

    // Enough to make what a window's edges add negligible.
    private const int AppendsPerWindow = 300;

    // So many windows after the first show whether a background task wrote something in between.
    private const int Windows = 5;

    private static readonly int[] Lengths = [LengthSchema.Short, LengthSchema.Middle, LengthSchema.Long];

    public string Name => "volume";

    public async Task RunAsync(BenchmarkRun run)
    {
        LengthSchema schema = await run.LengthsAsync();
        foreach (int length in Lengths)
        {
            IReadOnlyList<string> ids;
            await using (BenchmarkHost filling = await BenchmarkHost.StartAsync(schema.Storage))
            {
                // A short one gets 20 appends in all.
                ids = await schema.ConversationsAsync(filling, length, (Windows + 1) * AppendsPerWindow / 20);
            }

            long[] before = await run.Database.ReadRowAsync(BenchmarkSql.CountWrites, schema.Storage.Schema);
            await MeasureWalAsync(run, schema, length, ids);

            // Its connections are closed, so all that it wrote has been counted.
            long[] after = await run.Database.ReadRowAsync(BenchmarkSql.CountWrites, schema.Storage.Schema);
            Report(
                run,
                length,
                "rows inserted, updated and deleted per append",
                "",
                Samples.Of(after.Zip(before, (late, early) => late - early).Sum() / ((Windows + 1.0) * AppendsPerWindow))
            );
        }
    }

    private async Task MeasureWalAsync(BenchmarkRun run, LengthSchema schema, int length, IReadOnlyList<string> ids)
    {
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(schema.Storage);
        IConversationGrain[] grains = [.. ids.Select(host.Conversation)];
        foreach (IConversationGrain grain in grains)
        {
            await grain.GetHeadAsync();
        }

        await run.Database.SettleAsync();
        var bytes = new double[Windows + 1];
        for (int window = 0; window < bytes.Length; window++)
        {
            long from = (await run.Database.ReadRowAsync(BenchmarkSql.ReadWalPosition))[0];
            for (int i = 0; i < AppendsPerWindow; i++)
            {
                await grains[i % grains.Length].CommitAsync(ConversationInput.Turn());
            }

            bytes[window] = ((await run.Database.ReadRowAsync(BenchmarkSql.ReadWalPosition))[0] - from) / (double)AppendsPerWindow;
        }

        Report(run, length, "WAL per append", "bytes", new Samples(bytes[1..]), Target.AtMost(MaxWalBytes));
        Report(
            run,
            length,
            FormattableString.Invariant($"WAL per append, the first {AppendsPerWindow} after a checkpoint"),
            "bytes",
            Samples.Of(bytes[0])
        );
    }

    private void Report(BenchmarkRun run, int length, string what, string unit, Samples measured, Target? target = null) =>
        run.Report(new Figure(Name, FormattableString.Invariant($"{what}, at message {length:N0}"), unit, measured) { Target = target });
}
