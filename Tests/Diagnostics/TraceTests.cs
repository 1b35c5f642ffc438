using System.Diagnostics;
using Orleans.TestingHost;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Diagnostics;

/// <summary>
/// One trace from the caller over the grain's call to the batch that made the turn durable, without a name of a conversation or a user.
/// </summary>
public sealed class TraceTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Marker = "MARKER";

    [Fact]
    public async Task A_turn_is_one_trace_whose_end_and_its_batch_link_to_each_other()
    {
        await using GrainHost host = await StartAsync();
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        IConversationGrain conversation = host.Conversation(Marker);
        Activity call = await seen.InTraceAsync(() => conversation.CommitAsync(Messages.Turn(Marker, Messages.User(Marker))));

        Activity[] trace = seen.Of(call.TraceId);
        Activity turn = Assert.Single(trace, activity => activity.OperationName == MemoryActivities.CommitTurn);
        Activity server = Assert.Single(trace, activity => activity.SpanId == turn.ParentSpanId);
        Assert.Equal(("IConversationGrain/CommitAsync", ActivityKind.Server), (server.DisplayName, server.Kind));
        Activity client = Assert.Single(trace, activity => activity.SpanId == server.ParentSpanId);
        Assert.Equal((ActivityKind.Client, call.SpanId), (client.Kind, client.ParentSpanId));
        Assert.Equal("committed", turn.GetTagItem(MemoryActivities.Outcome));

        Activity batch = Assert.Single(seen.All, activity => activity.SpanId == Assert.Single(turn.Links).Context.SpanId);
        Assert.Equal(MemoryActivities.CommitBatch, batch.OperationName);
        Assert.Equal(default, batch.ParentSpanId);
        Assert.Contains(batch.Links, link => link.Context == turn.Context);
        Assert.Equal(1, batch.GetTagItem(MemoryActivities.BatchTurns));
        SeenActivities.AssertWithout(Marker, [.. trace, batch]);
    }

    [Fact]
    public async Task Turns_that_share_a_batch_all_link_to_it_and_it_to_a_bounded_number()
    {
        await using GrainHost host = await StartAsync();
        IConversationGrain conversation = host.Conversation("many");
        await conversation.CommitAsync(Messages.Turn("first", Messages.User("x")));
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        Activity call = await seen.InTraceAsync(() =>
            Task.WhenAll(Enumerable.Range(0, 400).Select(i => conversation.CommitAsync(Messages.Turn($"{i}", Messages.User("x")))))
        );

        Activity[] turns = [.. seen.All.Where(activity => activity.OperationName == MemoryActivities.CommitTurn)];
        Assert.True(turns.Length >= 400);
        ActivitySpanId[] batches = [.. turns.SelectMany(turn => turn.Links).Select(link => link.Context.SpanId).Distinct()];
        Activity[] carried = [.. seen.All.Where(activity => batches.Contains(activity.SpanId))];
        Assert.Equal(batches.Length, carried.Length);
        Assert.All(carried, batch => Assert.InRange(batch.Links.Count(), 1, 128));
        Assert.All(
            carried,
            batch =>
                Assert.Equal(
                    (int)batch.GetTagItem(MemoryActivities.BatchTurns)!,
                    batch.Links.Count() + (int)(batch.GetTagItem(MemoryActivities.BatchLinksLeftOut) ?? 0)
                )
        );
        Assert.NotNull(call);
    }

    [Fact]
    public async Task A_recording_and_a_recall_have_an_activity_within_their_call()
    {
        await using GrainHost host = await StartAsync();
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        IMemoryGrain memory = host.Grains.GetGrain<IMemoryGrain>(MemoryScope.Create("tests", user: Marker).ToString());
        Activity recorded = await seen.InTraceAsync(() =>
            memory.RecordAsync(new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = Marker + " likes tea" }] })
        );
        Activity recalled = await seen.InTraceAsync(() => memory.RecallAsync(new RecallRequest { Query = Marker }));

        Activity record = Assert.Single(seen.Of(recorded.TraceId), activity => activity.OperationName == MemoryActivities.Record);
        Activity recall = Assert.Single(seen.Of(recalled.TraceId), activity => activity.OperationName == MemoryActivities.Recall);
        Assert.Equal(
            (1, 1, 1),
            (
                record.GetTagItem(MemoryActivities.Memories),
                recall.GetTagItem(MemoryActivities.Memories),
                recall.GetTagItem(MemoryActivities.MemoriesConsidered)
            )
        );
        Assert.All([record, recall], activity => Assert.NotEqual(default, activity.ParentSpanId));
        SeenActivities.AssertWithout(Marker, [.. seen.Of(recorded.TraceId), .. seen.Of(recalled.TraceId)]);
    }

    [Fact]
    public async Task A_call_that_fails_says_with_what_and_nothing_of_what_it_says()
    {
        await using GrainHost host = await StartAsync();
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        IConversationGrain conversation = host.Conversation(Marker + "-unknown");
        Activity call = await seen.InTraceAsync(() =>
            Assert.ThrowsAnyAsync<Exception>(() =>
                conversation.CommitAsync(Messages.Turn(Marker, Messages.User(Marker)) with { MustExist = true })
            )
        );

        Activity server = Assert.Single(seen.Of(call.TraceId), activity => activity.Kind == ActivityKind.Server);
        Assert.Equal(ActivityStatusCode.Error, server.Status);
        Assert.Equal("OrleansMemory.Errors.ConversationNotFoundException", server.GetTagItem(MemoryActivities.ErrorType));
        SeenActivities.AssertWithout(Marker, seen.Of(call.TraceId));
    }

    [Fact]
    public async Task The_start_and_its_sweeps_are_traced()
    {
        using var seen = new SeenActivities(MemoryActivities.SourceName);
        // Another test of the class may have started a silo on the usual schema before.
        await using (GrainHost host = await StartAsync("traced_start"))
        {
            await host.Position(0).SweepAsync();
            await seen.UntilAsync(MemoryActivities.SweepStore);
        }

        Assert.Contains(seen.All, activity => activity.OperationName == MemoryActivities.SweepExpired);
        Activity migration = seen.All.First(activity => activity.OperationName == MemoryActivities.Migrate);
        Assert.IsType<int>(migration.GetTagItem(MemoryActivities.Scripts));
    }

    [Fact]
    public async Task Activities_of_Orleans_lose_what_names_our_grains()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.AddOrleansMemory().UseInMemoryStorage().AddOrleansMemoryTraces().AddActivityPropagation());
        builder.ConfigureClient(client => client.AddOrleansMemoryTraces().AddActivityPropagation());
        await using GrainHost host = await GrainHost.StartAsync(builder);
        using var seen = new SeenActivities("Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Lifecycle");
        IConversationGrain conversation = host.Conversation(Marker);
        Activity call = await seen.InTraceAsync(() =>
            Assert.ThrowsAnyAsync<Exception>(() =>
                conversation.CommitAsync(Messages.Turn(Marker, Messages.User(Marker)) with { MustExist = true })
            )
        );

        Assert.True(seen.Of(call.TraceId).Length >= 2);
        SeenActivities.AssertWithout(Marker, seen.All);
        Assert.Contains(
            seen.All,
            activity => activity.TagObjects.Any(tag => tag.Key.EndsWith("target_id", StringComparison.Ordinal) || tag.Key == "rpc.method")
        );
    }

    private Task<GrainHost> StartAsync(string? schema = null)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo(
            (_, silo) =>
            {
                silo.AddOrleansMemory()
                    .UsePostgresStorage(options =>
                    {
                        options.ConnectionString = database.ConnectionString;
                        options.Schema = schema ?? options.Schema;
                    })
                    .AddOrleansMemoryTraces();
                silo.UseInMemoryReminderService();
            }
        );
        builder.ConfigureClient(client => client.AddOrleansMemoryTraces());
        return GrainHost.StartAsync(builder);
    }
}
