using System.Diagnostics;
using System.Threading.Channels;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Client;
using OrleansMemory.Client.Feed;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Feeds;

/// <summary>
/// What do 1,000 live readers of one conversation cost its writers, when does the last of them have a message, and what does one cost that
/// waits?
/// </summary>
internal sealed class FanOut : IBenchmark
{
    // DESIGN section 8 asks about 1,000.
    private const int Readers = 1_000;

    // Enough for a 99th percentile that is not the worst one.
    private const int Deliveries = 300;

    // Writers that share commits, as a busy conversation has them.
    private const int Writers = 32;

    public string Name => "feed";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync());
        IConversationGrain watched = await host.FillAsync("watched", 1);
        IConversationGrain unwatched = await host.FillAsync("unwatched", 1);
        using var end = new CancellationTokenSource();
        var audience = new Audience();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Task[] readers = await OpenAsync(host.Client.Get("watched"), audience, end.Token);
        double bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Readers;
        run.Report(new Figure(Name, "memory of one waiting reader, both of its ends", "bytes", Samples.Of(bytes)));

        await ThroughputAsync(run, watched, unwatched, audience);
        await DeliveryAsync(run, watched, unwatched, audience);
        await end.CancelAsync();
        await Task.WhenAll(readers);
    }

    private async Task ThroughputAsync(BenchmarkRun run, IConversationGrain watched, IConversationGrain unwatched, Audience audience)
    {
        foreach (int writers in new[] { 1, Writers })
        {
            LoopResult[][] reached = await run.AlternateAsync(
                async () =>
                {
                    long first = (await watched.GetHeadAsync())!.LastSequence;
                    Task all = audience.Expect(null);
                    LoopResult loop = await run.LoopAsync(writers, async _ => await watched.CommitAsync(ConversationInput.Turn()));
                    long appended = (await watched.GetHeadAsync())!.LastSequence - first;
                    audience.Settle(appended * Readers);
                    await all;
                    return loop;
                },
                () => run.LoopAsync(writers, async _ => await unwatched.CommitAsync(ConversationInput.Turn()))
            );
            Samples appends = Samples.Of(reached[0], loop => loop.PerSecond);
            run.Report(
                new Figure(Name, $"durable appends to one conversation with {Readers:N0} live readers, {writers} writers", "/s", appends)
                {
                    Floor = Comparison.Of("without readers", appends, Samples.Of(reached[1], loop => loop.PerSecond)),
                    Target = Target.RatioAtLeast(0.5),
                }
            );
        }
    }

    private async Task DeliveryAsync(BenchmarkRun run, IConversationGrain watched, IConversationGrain unwatched, Audience audience)
    {
        var channelAudience = new Audience();
        Channel<TurnReceipt>[] channels = [.. Enumerable.Range(0, Readers).Select(_ => Channel.CreateUnbounded<TurnReceipt>())];
        Task[] listeners = [.. channels.Select(channel => ListenAsync(channel.Reader, channelAudience))];
        Samples[] taken = await PairedTimes.RunAsync(
            Deliveries,
            _ => DeliverAsync(watched, audience, _ => { }),
            _ => DeliverAsync(unwatched, channelAudience, receipt => Array.ForEach(channels, channel => channel.Writer.TryWrite(receipt)))
        );
        foreach ((string name, double part) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            Samples feed = Samples.Of(taken[0].Quantile(part));
            run.Report(
                new Figure(Name, $"from the acknowledgement to the last of {Readers:N0} readers, {name}", "ms", feed)
                {
                    Floor = Comparison.Of("channels in the same process", feed, Samples.Of(taken[1].Quantile(part))),
                }
            );
        }

        Array.ForEach(channels, channel => channel.Writer.Complete());
        await Task.WhenAll(listeners);
    }

    private static async Task<Task[]> OpenAsync(Conversation conversation, Audience audience, CancellationToken end)
    {
        Task open = audience.Expect(Readers);
        Task[] readers =
        [
            .. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(conversation, audience, end), CancellationToken.None)),
        ];
        await open;
        return readers;
    }

    private static async Task ReadAsync(Conversation conversation, Audience audience, CancellationToken end)
    {
        try
        {
            await using ResumableFeed feed = await conversation.OpenFeedAsync(cancellationToken: end);

            // That the feed stands is counted like an event.
            audience.Receive();
            while (await feed.MoveNextAsync(end))
            {
                // Those that have come together are counted together: a thousand readers would wait for each other at the counter.
                long receipts = 1;
                Task<bool> next = feed.MoveNextAsync(end);
                for (; next.IsCompletedSuccessfully && await next; receipts++)
                {
                    next = feed.MoveNextAsync(end);
                }

                audience.Receive(receipts);
                if (!await next)
                {
                    break;
                }

                audience.Receive();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The end of the benchmark.
        }
    }

    private static async Task ListenAsync(ChannelReader<TurnReceipt> channel, Audience audience)
    {
        await foreach (TurnReceipt _ in channel.ReadAllAsync())
        {
            audience.Receive();
        }
    }

    private static async Task<TimeSpan> DeliverAsync(IConversationGrain conversation, Audience audience, Action<TurnReceipt> then)
    {
        Task all = audience.Expect(Readers);
        TurnReceipt receipt = await conversation.CommitAsync(ConversationInput.Turn());
        long acknowledged = Stopwatch.GetTimestamp();
        then(receipt);
        await all;
        return TimeSpan.FromSeconds(Math.Max(0, (double)(audience.CompleteAt - acknowledged) / Stopwatch.Frequency));
    }
}
