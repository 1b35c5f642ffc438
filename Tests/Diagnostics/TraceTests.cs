using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansMemory.Conversations;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Diagnostics;

/// <summary>One trace from the caller over the grain's call to the batch that made the turn durable, without a name of a conversation or a user.</summary>
public sealed class TraceTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Marker = "MARKER";
    private const string Grains = "Microsoft.Orleans.Application";

    [Fact]
    public async Task A_turn_is_one_trace_whose_end_and_its_batch_link_to_each_other()
    {
        await using GrainHost host = await StartAsync();
        using var seen = new SeenActivities(MemoryActivities.SourceName, Grains);
        IConversationGrain conversation = host.Conversation(Marker);
        Activity call = await seen.InTraceAsync(() => conversation.CommitAsync(Messages.Turn(Marker, Messages.User(Marker))));

        Activity[] trace = seen.Of(call.TraceId);
        Activity turn = Assert.Single(trace, activity => activity.OperationName == MemoryActivities.CommitTurn);
        Activity server = Assert.Single(trace, activity => activity.SpanId == turn.ParentSpanId);
        Assert.Equal((Grains, ActivityKind.Server), (server.Source.Name, server.Kind));
        Activity client = Assert.Single(trace, activity => activity.SpanId == server.ParentSpanId);
        Assert.Equal((ActivityKind.Client, call.SpanId), (client.Kind, client.ParentSpanId));
        Assert.Equal("committed", turn.GetTagItem(MemoryActivities.Outcome));

        Activity batch = Assert.Single(seen.All, activity => activity.SpanId == Assert.Single(turn.Links).Context.SpanId);
        Assert.Equal(MemoryActivities.CommitBatch, batch.OperationName);
        Assert.Equal(default, batch.ParentSpanId);
        Assert.Contains(batch.Links, link => link.Context == turn.Context);
        Assert.Equal(1, batch.GetTagItem(MemoryActivities.BatchTurns));
        AssertRedacted([.. trace, batch]);
    }

    [Fact]
    public async Task Turns_that_share_a_batch_all_link_to_it_and_it_to_a_bounded_number()
    {
        await using GrainHost host = await StartAsync();
        IConversationGrain conversation = host.Conversation("many");
        await conversation.CommitAsync(Messages.Turn("first", Messages.User("x")));
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        Activity call = await seen.InTraceAsync(() => Task.WhenAll(
            Enumerable.Range(0, 400).Select(i => conversation.CommitAsync(Messages.Turn($"{i}", Messages.User("x"))))));

        Activity[] turns = [.. seen.All.Where(activity => activity.OperationName == MemoryActivities.CommitTurn)];
        Assert.True(turns.Length >= 400);
        ActivitySpanId[] batches = [.. turns.SelectMany(turn => turn.Links).Select(link => link.Context.SpanId).Distinct()];
        Activity[] carried = [.. seen.All.Where(activity => batches.Contains(activity.SpanId))];
        Assert.Equal(batches.Length, carried.Length);
        Assert.All(carried, batch => Assert.InRange(batch.Links.Count(), 1, 128));
        Assert.All(carried, batch => Assert.Equal(
            (int)batch.GetTagItem(MemoryActivities.BatchTurns)!, batch.Links.Count() + (int)(batch.GetTagItem(MemoryActivities.BatchLinksLeftOut) ?? 0)));
        Assert.NotNull(call);
    }

    [Fact]
    public async Task A_recording_and_a_recall_have_an_activity_within_their_call()
    {
        await using GrainHost host = await StartAsync();
        using var seen = new SeenActivities(MemoryActivities.SourceName, Grains);
        IMemoryGrain memory = host.Grains.GetGrain<IMemoryGrain>(MemoryScope.Create("tests", user: Marker).ToString());
        Activity recorded = await seen.InTraceAsync(() => memory.RecordAsync(new RecordRequest { Memories = [new NewMemory { Text = Marker + " likes tea" }] }));
        Activity recalled = await seen.InTraceAsync(() => memory.RecallAsync(new RecallRequest { Query = Marker }));

        Activity record = Assert.Single(seen.Of(recorded.TraceId), activity => activity.OperationName == MemoryActivities.Record);
        Activity recall = Assert.Single(seen.Of(recalled.TraceId), activity => activity.OperationName == MemoryActivities.Recall);
        Assert.Equal((1, 1, 1), (record.GetTagItem(MemoryActivities.Memories), recall.GetTagItem(MemoryActivities.Memories), recall.GetTagItem(MemoryActivities.MemoriesConsidered)));
        Assert.All([record, recall], activity => Assert.NotEqual(default, activity.ParentSpanId));
        AssertRedacted([.. seen.Of(recorded.TraceId), .. seen.Of(recalled.TraceId)]);
    }

    [Fact]
    public async Task A_call_that_fails_says_with_what_and_nothing_of_what_it_says()
    {
        await using GrainHost host = await StartAsync();
        using var seen = new SeenActivities(MemoryActivities.SourceName, Grains);
        IConversationGrain conversation = host.Conversation(Marker + "-unknown");
        Activity call = await seen.InTraceAsync(() => Assert.ThrowsAnyAsync<Exception>(() => conversation.CommitAsync(
            Messages.Turn(Marker, Messages.User(Marker)) with { MustExist = true })));

        Activity server = Assert.Single(seen.Of(call.TraceId), activity => activity.Kind == ActivityKind.Server);
        Assert.Equal(ActivityStatusCode.Error, server.Status);
        Assert.EndsWith("ConversationNotFoundException", (string?)server.GetTagItem("exception.type"), StringComparison.Ordinal);
        AssertRedacted(seen.Of(call.TraceId));
    }

    [Fact]
    public async Task The_start_and_its_sweeps_are_traced()
    {
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        await using (GrainHost host = await StartAsync())
        {
            await host.Position(0).SweepAsync();
            await seen.UntilAsync(MemoryActivities.SweepStore);
        }

        Assert.Contains(seen.All, activity => activity.OperationName == MemoryActivities.SweepExpired);
        Activity migration = seen.All.First(activity => activity.OperationName == MemoryActivities.Migrate);
        Assert.IsType<int>(migration.GetTagItem(MemoryActivities.Scripts));
    }

    private Task<GrainHost> StartAsync() => GrainHost.StartAsync(silo =>
    {
        silo.AddOrleansMemory().UsePostgresStorage(options => options.ConnectionString = database.ConnectionString).AddOrleansMemoryTraces();
        silo.UseInMemoryReminderService();
    });

    private static void AssertRedacted(IEnumerable<Activity> activities)
    {
        foreach (Activity activity in activities)
        {
            string told = string.Join(
                ' ',
                activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")
                    .Concat(activity.Events.SelectMany(happened => happened.Tags).Select(tag => $"{tag.Value}"))
                    .Append(activity.DisplayName).Append(activity.StatusDescription));
            Assert.DoesNotContain(Marker, told, StringComparison.Ordinal);
        }
    }

    /// <summary>Listens, also to what other tests of this process do: what is asserted is asked of one trace.</summary>
    private sealed class SeenActivities : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _stopped = new();
        private readonly ActivityListener _listener;

        public SeenActivities(params string[] sources)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => sources.Contains(source.Name),
                Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _stopped.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyCollection<Activity> All => [.. _stopped];

        public Activity[] Of(ActivityTraceId trace) => [.. _stopped.Where(activity => activity.TraceId == trace)];

        public async Task<Activity> InTraceAsync(Func<Task> act)
        {
            using Activity call = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
            call.ActivityTraceFlags = ActivityTraceFlags.Recorded;
            await act();
            call.Stop();
            await Settled();
            return call;
        }

        public async Task UntilAsync(string name)
        {
            using var patience = new CancellationTokenSource(Timings.Patience);
            while (!_stopped.Any(activity => activity.OperationName == name))
            {
                await Task.Delay(20, patience.Token);
            }
        }

        public void Dispose() => _listener.Dispose();

        // A grain's activity ends when its answer is on the way already.
        private async Task Settled()
        {
            int count;
            do
            {
                count = _stopped.Count;
                await Task.Delay(50);
            }
            while (count != _stopped.Count);
        }
    }
}
