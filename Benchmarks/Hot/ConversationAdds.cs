using System.Diagnostics;
using Microsoft.Extensions.AI;
using OrleansMemory.Benchmarks.Floors;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.MassGen;

namespace OrleansMemory.Benchmarks.Hot;

/// <summary>
/// What do a thousand additions by id at once cost on one conversation, whose ids are looked for in a log that is longer than memory holds,
/// and does any fail?
/// </summary>
internal sealed class ConversationAdds : IBenchmark
{
    private const int Adds = 1_000;

    // Most of it is neither in memory nor in the pages that an activation has just read.
    private const int Length = 20_000;

    private static readonly string Text = new('x', 300);

    private int _added;
    private int _failed;

    public string Name => "adds";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using SingleCommits single = await SingleCommits.StartAsync(run.Database, connections: 1, conversations: 1);
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync());
        ConversationClient client = host.Client;
        Conversation conversation = client.Get("adds");
        await host.FillAsync("adds", Length);
        await AddAsync(client);

        double[][] reached = await run.AlternateAsync(() => AddAsync(client), () => AppendAsync(conversation), () => CommitAsync(single));
        Samples adds = Samples.Of(reached[0], seconds => seconds);
        run.Report(
            new Figure(Name, $"{Adds:N0} additions by id at once, after {Length:N0} messages", "s", adds)
            {
                Floor = Comparison.Of("as many single commits, one connection", adds, Samples.Of(reached[2], seconds => seconds)),
                Target = Target.AtMost(2),
            }
        );
        run.Report(
            new Figure(Name, "the same", "s", adds)
            {
                Floor = Comparison.Of("as many appends without ids at once", adds, Samples.Of(reached[1], seconds => seconds)),
            }
        );
        run.Report(
            new Figure(Name, $"of {_added:N0} additions, failed or not there once", "", Samples.Of(await MissingAsync(conversation)))
            {
                Target = Target.AtMost(0),
            }
        );
    }

    private async Task<double> AddAsync(ConversationClient client)
    {
        _added += Adds;
        string[] ids = [.. Enumerable.Range(0, Adds).Select(_ => "added-" + ConversationInput.NewId())];
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            ids.Select(async id =>
            {
                try
                {
                    // Each has a handle of its own, as callers in different places do.
                    await new ConversationMemory(client.Get("adds")).AddAsync(new ChatMessage(ChatRole.User, Text) { MessageId = id });
                }
                catch (Exception failure)
                {
                    BenchmarkRun.Tell(failure.Message);
                    Interlocked.Increment(ref _failed);
                }
            })
        );
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> AppendAsync(Conversation conversation)
    {
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Adds).Select(_ => conversation.AppendAsync(new ChatMessage(ChatRole.User, Text))));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> CommitAsync(SingleCommits single)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < Adds; i++)
        {
            await single.AppendAsync(0);
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>How many additions failed, are not in the log, or are there more than once.</summary>
    private async Task<long> MissingAsync(Conversation conversation)
    {
        List<string> stored = await conversation
            .StreamStoredMessagesAsync()
            .Select(message => message.Id)
            .Where(id => id.StartsWith("added-", StringComparison.Ordinal))
            .ToListAsync();
        int different = stored.Distinct(StringComparer.Ordinal).Count();
        return Math.Max(_failed, _added - different) + stored.Count - different;
    }
}
