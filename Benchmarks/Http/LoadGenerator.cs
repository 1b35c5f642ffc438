using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Benchmarks.Measuring;

namespace OrleansMemory.Benchmarks.Http;

/// <summary>
/// Callers of a silo in a process of their own: a plan a line comes in, its outcome a line goes out, until there are no more.
/// </summary>
internal static class LoadGenerator
{
    /// <summary>The argument that makes this program a load generator.</summary>
    public const string Argument = "--serve-load";

    /// <summary>How many messages a read of the tail asks for: DESIGN section 8 asks about the last 20.</summary>
    public const int TailMessages = 20;

    /// <summary>How plans and outcomes are written.</summary>
    public static JsonSerializerOptions Json { get; } = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Serves plans.</summary>
    /// <param name="plans">The plans.</param>
    /// <param name="outcomes">Where the outcomes go.</param>
    /// <returns>A task that ends after the last plan.</returns>
    public static async Task ServeAsync(TextReader plans, TextWriter outcomes)
    {
        while (await plans.ReadLineAsync() is { } line)
        {
            LoadOutcome outcome = await RunAsync(JsonSerializer.Deserialize<LoadPlan>(line, Json)!);
            await outcomes.WriteLineAsync(JsonSerializer.Serialize(outcome, Json));
            await outcomes.FlushAsync();
        }
    }

    private static async Task<LoadOutcome> RunAsync(LoadPlan plan)
    {
        RawConnection[] connections = await Task.WhenAll(
            Enumerable.Range(0, plan.Connections).Select(i => RawConnection.OpenAsync(plan.PortOf(i)))
        );
        try
        {
            Process[] silos = [.. plan.SiloProcessIds.Select(Process.GetProcessById)];
            var own = new List<double>();
            Func<ReadOnlyMemory<byte>>[] requests = [.. Enumerable.Range(0, plan.Connections).Select(i => RequestsOf(plan, i))];
            RawFeed[] feeds = plan.Request == LoadRequest.Feed ? await OpenFeedsAsync(plan, connections, requests) : [];
            long[] received = new long[feeds.Length];
            async ValueTask FeedAsync(int caller)
            {
                await connections[caller].SucceedAsync(requests[caller]());
                await feeds[caller].ReceiveAsync(++received[caller]);
            }

            var loop = new ClosedLoop(() => Task.FromResult(ReadWork(silos, plan.Postmaster, own)));
            LoopResult reached = await loop.RunAsync(
                plan.Connections,
                TimeSpan.FromSeconds(plan.Seconds),
                feeds.Length > 0 ? FeedAsync : caller => connections[caller].SucceedAsync(requests[caller]())
            );
            Array.ForEach(feeds, feed => feed.Dispose());
            Array.ForEach(silos, silo => silo.Dispose());
            double answers = reached.PerSecond * plan.Seconds;
            return new LoadOutcome(
                reached.PerSecond,
                reached.Milliseconds(0.5),
                reached.Milliseconds(0.99),
                reached.ClientMicroseconds,
                reached.ServerMicroseconds,
                1e6 * (own[^1] - own[0]) / answers
            );
        }
        finally
        {
            Array.ForEach(connections, connection => connection.Dispose());
        }
    }

    // A feed is of a conversation that there is.
    private static async Task<RawFeed[]> OpenFeedsAsync(
        LoadPlan plan,
        RawConnection[] connections,
        Func<ReadOnlyMemory<byte>>[] requests
    ) =>
        await Task.WhenAll(
            connections.Select(
                async (connection, i) =>
                {
                    await connection.SucceedAsync(requests[i]());
                    return await RawFeed.OpenAsync(plan.PortOf(i), LoadPlan.ConversationOf(i));
                }
            )
        );

    private static Func<ReadOnlyMemory<byte>> RequestsOf(LoadPlan plan, int connection)
    {
        string id = LoadPlan.ConversationOf(connection);
        if (plan.Request is LoadRequest.Turn or LoadRequest.Feed)
        {
            return new RawTurn(plan.PortOf(connection), id, key: plan.Key).Next;
        }

        byte[] request = RawRequests.Get(
            plan.PortOf(connection),
            plan.Request == LoadRequest.Tail
                ? FormattableString.Invariant($"/v1/conversations/{id}/messages?limit={TailMessages}")
                : "/health/live",
            plan.Key
        );
        return () => request;
    }

    // The clients of this work are the silos; what the generator itself takes is written down beside it.
    private static Work ReadWork(Process[] silos, int? postmaster, List<double> own)
    {
        own.Add(Environment.CpuUsage.TotalTime.TotalSeconds);
        Array.ForEach(silos, silo => silo.Refresh());
        return new Work(silos.Sum(silo => silo.TotalProcessorTime.TotalSeconds), ProcessorTime.OfServer(postmaster), 0);
    }
}
