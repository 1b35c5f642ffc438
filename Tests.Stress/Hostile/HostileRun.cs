using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>
/// Sequences of hostile requests at once against a silo in a process of its own, on PostgreSQL, beside a tenant whom they must not touch.
/// </summary>
internal static class HostileRun
{
    private const string Key = "hostile-key-0123456789";
    private const string NeighbourKey = "neighbour-key-0123456789";
    private const int MostShown = 20;

    // What the process may take at most, and how much more than before it may keep when it has been idle. Bodies of up to 32 MiB are among
    // the requests, and a budget of 256 MiB for them.
    private const int MostPeak = 2_500;
    private const int MostKept = 700;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    /// <summary>Runs them.</summary>
    /// <param name="database">Their database, which is empty.</param>
    /// <param name="seeds">A sequence for each.</param>
    /// <param name="requests">How many requests each has.</param>
    /// <param name="say">Is told how it goes.</param>
    public static async Task RunAsync(PostgresDatabase database, ImmutableArray<int> seeds, int requests, Action<string> say)
    {
        await using SiloProcess silo = await SiloProcess.StartAsync(
            database.ConnectionString,
            ("OrleansMemory:ApiKeys:0:Key", Key),
            ("OrleansMemory:ApiKeys:0:Tenant", "hostile"),
            ("OrleansMemory:ApiKeys:0:Role", "TenantAdministrator"),
            ("OrleansMemory:ApiKeys:1:Key", NeighbourKey),
            ("OrleansMemory:ApiKeys:1:Tenant", "neighbour"),
            ("OrleansMemory:ApiKeys:1:Role", "TenantAdministrator"),
            ("DOTNET_gcServer", "0"),
            ("DOTNET_TieredPGO", "0"),
            // Its log then has requests that failed, which a caller who has gone does not see, and nothing else.
            ("Logging:LogLevel:Default", "None"),
            ("Logging:LogLevel:OrleansMemory.Silo.Errors.ProblemHandler", "Error")
        );
        using var neighbour = new Neighbour(silo.Http.BaseAddress!, NeighbourKey, seeds);
        await neighbour.SettleAsync();
        string before = await neighbour.ExportAsync();
        JsonElement document = await silo.Http.AskAsync(HttpStatusCode.OK, "GET", "/openapi/v1.json");
        ImmutableArray<Operation> operations = Operation.All(document);
        ProcessMemory first = ProcessMemory.Of(silo.ProcessId);
        say(
            FormattableString.Invariant(
                $"seeds {string.Join(' ', seeds)}, {requests} requests each, {operations.Length} operations; the silo takes {first.Now} MiB"
            )
        );

        long started = Stopwatch.GetTimestamp();
        HostileSequence[] sequences =
        [
            .. seeds.Select(seed => new HostileSequence(seed, operations, new AnswerCheck(document), silo.Http.BaseAddress!.Port, Key)),
        ];
        Task all = Task.WhenAll(sequences.Select(sequence => Task.Run(() => sequence.RunAsync(requests))));
        HashSet<string> told = new(StringComparer.Ordinal);
        using var progress = new PeriodicTimer(TimeSpan.FromMinutes(1));
        while (!all.IsCompleted)
        {
            if (await Task.WhenAny(all, progress.WaitForNextTickAsync().AsTask()) != all)
            {
                Tell(sequences, told, say);
                say(
                    FormattableString.Invariant(
                        $"{sequences.Sum(sequence => sequence.Statuses.Values.Sum())} requests, {sequences.Sum(sequence => sequence.Violations.Count)} violations, {ProcessMemory.Of(silo.ProcessId)}"
                    )
                );
            }
        }

        await all;
        Tell(sequences, told, say);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await silo.Http.AskAsync(HttpStatusCode.OK, "GET", "/health/live");
        await silo.Http.AskAsync(HttpStatusCode.OK, "GET", "/health/ready");
        bool isUntouched = await neighbour.ExportAsync() == before;
        ProcessMemory afterwards = ProcessMemory.Of(silo.ProcessId);
        await Task.Delay(Idle);
        ProcessMemory idle = ProcessMemory.Of(silo.ProcessId);
        say(FormattableString.Invariant($"{seeds.Length * requests} requests in {seconds:0} s; {Table(sequences)}"));
        say(
            FormattableString.Invariant(
                $"memory: {first.Now} MiB before, {afterwards.Peak} MiB at most, {afterwards.Now} MiB afterwards, {idle.Now} MiB after {Idle.TotalSeconds:0} s idle; the neighbour's data is {(isUntouched ? "unchanged" : "CHANGED")}"
            )
        );
        Violation[] violations = [.. sequences.SelectMany(sequence => sequence.Violations)];
        Assert.True(
            violations.Length == 0,
            $"{violations.Length} violations:\n{string.Join('\n', violations.Take(MostShown))}\n{silo.Log}"
        );
        Assert.DoesNotContain("[2110]", silo.Log, StringComparison.Ordinal);
        Assert.True(isUntouched, "The neighbour's data has changed.");
        Assert.InRange(afterwards.Peak, 1, MostPeak);
        Assert.InRange(idle.Now, 1, first.Now + MostKept);
    }

    // The first of each kind, as soon as it is seen.
    private static void Tell(HostileSequence[] sequences, HashSet<string> told, Action<string> say)
    {
        foreach (Violation violation in sequences.SelectMany(sequence => sequence.Violations))
        {
            if (told.Add(violation.Fault))
            {
                say(violation.ToString());
            }
        }
    }

    private static string Table(HostileSequence[] sequences)
    {
        var table = new StringBuilder();
        foreach (
            IGrouping<int, KeyValuePair<int, int>> of in sequences
                .SelectMany(sequence => sequence.Statuses)
                .GroupBy(status => status.Key)
                .OrderBy(of => of.Key)
        )
        {
            table
                .Append(table.Length == 0 ? "" : ", ")
                .Append(of.Key == 0 ? "no answer" : of.Key.ToString(CultureInfo.InvariantCulture))
                .Append(": ")
                .Append(of.Sum(count => count.Value).ToString(CultureInfo.InvariantCulture));
        }

        return table.ToString();
    }
}
