using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrleansMemory.Benchmarks.Database;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;
using OrleansMemory.Expiry;
using OrleansMemory.Grains.Expiry;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Users;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>
/// Days of appends, truncations, expiries and erasures that leave as many conversations as there were: what stays behind, with the server's
/// own vacuum at work?
/// </summary>
/// <param name="run">Where to measure.</param>
/// <param name="curve">Where to report; its sizes are the days.</param>
/// <param name="settings">What is tried, as a statement; empty for the tables as they are.</param>
/// <param name="called">What it is called in figures.</param>
internal sealed class ChurnRounds(BenchmarkRun run, GrowthCurve curve, string settings, string called)
{
    private const int Conversations = 30_000;
    private const int Days = 10;

    // Of a day: turns, conversations that lose all but their newest message, conversations whose time is over, users who are erased.
    private const int Active = 3_000;
    private const int TurnsOfEach = 6;
    private const int Truncated = 1_500;
    private const int Expired = 1_500;
    private const int Erased = 15;

    private const double MebiBytes = 1024 * 1024;

    private static readonly string[] Tables = ["conversation", "message", "turn"];

    // Longer than turn ids are kept.
    private static readonly TimeSpan Day = TimeSpan.FromHours(25);

    // The server looks once a second what is to be vacuumed.
    private static readonly TimeSpan ForVacuum = TimeSpan.FromSeconds(3);

    /// <summary>Runs the days.</summary>
    /// <returns>A task that ends when they are reported.</returns>
    public async Task RunAsync()
    {
        GrownConversations grown = await GrownConversations.CreateAsync(run.Database);
        if (settings.Length > 0)
        {
            await run.Database.ExecuteInAsync(grown.Storage.Schema, settings);
        }

        await grown.GrowAsync(Conversations);
        await run.Database.ExecuteInAsync(grown.Storage.Schema, "vacuum (analyze)");
        var clock = new ShiftedTime();
        for (int day = 1; day <= Days; day++)
        {
            BenchmarkRun.Tell(FormattableString.Invariant($"day {day}, {called}"));
            await using (
                BenchmarkHost host = await BenchmarkHost.StartAsync(
                    grown.Storage,
                    services => services.AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, clock)
                )
            )
            {
                await PassAsync(grown, host, clock);
            }

            await Task.Delay(ForVacuum);
            await ReportAsync(grown.Storage, day);
        }

        foreach (string table in Tables)
        {
            double seconds = (
                await PairedTimes.TimeAsync(() => run.Database.ExecuteInAsync(grown.Storage.Schema, $"vacuum {table}"))
            ).TotalSeconds;
            curve.Report($"vacuum of {table} at the end, {called}", "s", Days, seconds);
        }
    }

    private static async Task PassAsync(GrownConversations grown, BenchmarkHost host, ShiftedTime clock)
    {
        clock.Shift(Day);
        var some = new Queue<GrownConversation>(await grown.SampleAsync(Active + Truncated + Expired + Erased));
        await EachAsync(Take(Active), TurnsOfEach, (grain, _) => grain.CommitAsync(ConversationInput.Turn()));
        await EachAsync(Take(Truncated), 1, (grain, _) => grain.CommitAsync(ConversationInput.Turn() with { KeepLast = 1 }));
        GrownConversation[] expired = Take(Expired);
        await using (NpgsqlDataSource source = PostgresConnections.ForMigrating(grown.Storage))
        {
            await using NpgsqlCommand expire = source.CreateCommand(BenchmarkSql.ExpireConversations);
            expire.Parameters.Add(new NpgsqlParameter { Value = expired.Select(conversation => conversation.Tenant).ToArray() });
            expire.Parameters.Add(new NpgsqlParameter { Value = expired.Select(conversation => conversation.Id).ToArray() });
            await expire.ExecuteNonQueryAsync();
        }

        for (int position = 0; position < new ExpiryOptions().Grains; position++)
        {
            IExpiryGrain wheel = host.Grains.GetGrain<IExpiryGrain>(position.ToString(CultureInfo.InvariantCulture));
            while ((await wheel.SweepAsync()).Backlog) { }
        }

        foreach (GrownConversation conversation in Take(Erased))
        {
            await host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create(conversation.Tenant, conversation.User).ToString()).EraseAsync();
        }

        DateTimeOffset window = clock.GetUtcNow() - TimeSpan.FromHours(24);
        while (await host.Store.SweepAsync(new Sweep(window, window, 1_000), CancellationToken.None) is { } swept && swept != default) { }

        // As many as have gone, some of the erased users' sixty each among them.
        await grown.GrowAsync(grown.Count + Expired + (Erased * 60));

        GrownConversation[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => some.Dequeue())];

        Task EachAsync(GrownConversation[] conversations, int times, Func<IConversationGrain, int, Task> operation) =>
            Parallel.ForEachAsync(
                conversations,
                new ParallelOptions { MaxDegreeOfParallelism = 64 },
                async (conversation, _) =>
                {
                    for (int i = 0; i < times; i++)
                    {
                        await operation(host.ConversationOf(conversation.Tenant, conversation.Id), i);
                    }
                }
            );
    }

    private async Task ReportAsync(PostgresStorageOptions storage, int day)
    {
        TableSizes sizes = await TableSizes.ReadAsync(storage);
        foreach (string table in Tables)
        {
            long[] activity = await run.Database.ReadRowAsync(BenchmarkSql.ReadActivity, storage.Schema, table);
            curve.Report($"{table} without indexes, {called}", "MiB", day, sizes.Heap(table) / MebiBytes);
            curve.Report($"indexes of {table}, {called}", "MiB", day, (sizes.Of(table) - sizes.Heap(table)) / MebiBytes);
            curve.Report($"live rows of {table}, {called}", "", day, activity[2]);
            curve.Report($"dead rows of {table}, {called}", "", day, activity[3]);
            curve.Report($"vacuums of {table} by the server until then, {called}", "", day, activity[4]);
        }
    }
}
