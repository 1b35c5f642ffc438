using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public interface ITurnGrain : IGrainWithStringKey
{
    Task<int> RunAsync(ImmutableArray<int> steps);

    Task WaitAsync(string gate);

    [AlwaysInterleave]
    Task WaitInterleavedAsync(string gate);

    [ReadOnly]
    Task ReadAsync(string gate);

    Task<int> NextAsync();
}

[Reentrant]
internal sealed class OpenTurnGrain(Probe probe) : TurnGrainBody(probe), IOpenTurnGrain;

public interface IOpenTurnGrain : ITurnGrain;

internal sealed class TurnGrain(Probe probe) : TurnGrainBody(probe);

internal abstract class TurnGrainBody(Probe probe) : Grain, ITurnGrain
{
    private TaskScheduler? _scheduler;
    private int _turns;
    private int _segments;
    private int _next;

    public async Task<int> RunAsync(ImmutableArray<int> steps)
    {
        if (Interlocked.Increment(ref _turns) > 1) probe.Note("turns overlapped");
        foreach (var step in steps)
        {
            CheckSegment();
            switch (step)
            {
                case 0: await Task.Yield(); break;
                case 1: await Task.Run(static () => Thread.SpinWait(50)); break;
                case 2: await Task.CompletedTask; break;
                default: await Task.WhenAll(Task.Run(static () => { }), Task.Factory.StartNew(CheckSegment, default, default, TaskScheduler.Current)); break;
            }

            CheckSegment();
        }

        Interlocked.Decrement(ref _turns);
        return steps.Length;
    }

    public Task WaitAsync(string gate) => PassAsync(gate);

    public Task WaitInterleavedAsync(string gate) => PassAsync(gate);

    public Task ReadAsync(string gate) => PassAsync(gate);

    public Task<int> NextAsync() => Task.FromResult(_next++);

    private async Task PassAsync(string gate)
    {
        probe.Note($"{gate} in");
        await probe[gate].PassAsync();
        probe.Note($"{gate} out");
    }

    // Between two awaits nobody else may run on this activation, not even when turns interleave.
    private void CheckSegment()
    {
        if (Interlocked.Increment(ref _segments) != 1) probe.Note("two threads at once");
        _scheduler ??= TaskScheduler.Current;
        if (!ReferenceEquals(_scheduler, TaskScheduler.Current) || _scheduler == TaskScheduler.Default) probe.Note("left the activation");
        Thread.SpinWait(20);
        Interlocked.Decrement(ref _segments);
    }
}

public sealed class TurnTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20260701)]
    [InlineData(77)]
    public async Task Turns_never_overlap(int seed)
    {
        await using var host = await EmbeddedHost.StartAsync();
        await RunSchedulesAsync(host, host.Grain<ITurnGrain>("a"), new Random(seed));
        Assert.Empty(host.Probe.Events);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20260702)]
    public async Task Continuations_stay_on_the_activation_even_when_turns_interleave(int seed)
    {
        await using var host = await EmbeddedHost.StartAsync();
        await RunSchedulesAsync(host, host.Grain<IOpenTurnGrain>("a"), new Random(seed));
        Assert.DoesNotContain("two threads at once", host.Probe.Events);
        Assert.DoesNotContain("left the activation", host.Probe.Events);
        Assert.Contains("turns overlapped", host.Probe.Events);
    }

    [Fact]
    public async Task A_request_waits_until_the_one_before_it_has_ended()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITurnGrain>("a");
        var first = grain.WaitAsync("first");
        await host.Probe["first"].ArrivalAsync();
        var second = grain.WaitAsync("second");
        host.Probe["second"].Open();
        await grain.WaitInterleavedOnceAsync(host);
        Assert.Equal(0, host.Probe.Count("second in"));
        host.Probe["first"].Open();
        await Task.WhenAll(first, second).Soon();
        Assert.Equal(["first in", "pass in", "pass out", "first out", "second in", "second out"], host.Probe.Events);
    }

    [Fact]
    public async Task A_reentrant_grain_starts_a_request_while_another_waits()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IOpenTurnGrain>("a");
        var first = grain.WaitAsync("first");
        await host.Probe["first"].ArrivalAsync();
        host.Probe["second"].Open();
        await grain.WaitAsync("second").Soon();
        host.Probe["first"].Open();
        await first.Soon();
    }

    [Fact]
    public async Task Always_interleaving_requests_overtake_waiting_ones_and_do_not_hold_others_up()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITurnGrain>("a");
        var aside = grain.WaitInterleavedAsync("aside");
        await host.Probe["aside"].ArrivalAsync();
        host.Probe["turn"].Open();
        await grain.WaitAsync("turn").Soon();
        Assert.False(aside.IsCompleted);
        host.Probe["aside"].Open();
        await aside.Soon();
    }

    [Fact]
    public async Task Readers_run_together_and_never_with_a_writer()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITurnGrain>("a");
        var readers = new[] { grain.ReadAsync("read"), grain.ReadAsync("read"), grain.ReadAsync("read") };
        for (var i = 0; i < readers.Length; i++) await host.Probe["read"].ArrivalAsync();
        var writer = grain.WaitAsync("write");
        await grain.WaitInterleavedOnceAsync(host);
        Assert.Equal(0, host.Probe.Count("write in"));

        host.Probe["read"].Open();
        await host.Probe["write"].ArrivalAsync();
        Assert.Equal(3, host.Probe.Count("read out"));

        var late = grain.ReadAsync("late");
        await grain.WaitInterleavedOnceAsync(host);
        Assert.Equal(0, host.Probe.Count("late in"));
        host.Probe["write"].Open();
        host.Probe["late"].Open();
        await Task.WhenAll([.. readers, writer, late]).Soon();
    }

    [Fact]
    public async Task A_stream_of_readers_does_not_keep_a_writer_waiting_for_ever()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITurnGrain>("a");
        var leader = grain.ReadAsync("leader");
        await host.Probe["leader"].ArrivalAsync();
        var writer = grain.WaitAsync("write");
        var joined = grain.ReadAsync("joined");
        await host.Probe["joined"].ArrivalAsync();

        // The first reader has gone; from now on nobody passes the writer, although a reader is still in.
        host.Probe["leader"].Open();
        await leader.Soon();
        var late = grain.ReadAsync("late");
        await grain.WaitInterleavedOnceAsync(host);
        Assert.Equal(0, host.Probe.Count("late in"));
        host.Probe["joined"].Open();
        await host.Probe["write"].ArrivalAsync();
        host.Probe["write"].Open();
        host.Probe["late"].Open();
        await Task.WhenAll(joined, writer, late).Soon();
    }

    [Fact]
    public async Task Calls_of_one_caller_start_in_the_order_in_which_they_were_made()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<ITurnGrain>("a");
        var calls = Enumerable.Range(0, 2000).Select(_ => grain.NextAsync()).ToArray();
        Assert.Equal(Enumerable.Range(0, 2000), await Task.WhenAll(calls).Soon());
    }

    private static async Task RunSchedulesAsync(EmbeddedHost host, ITurnGrain grain, Random random)
    {
        var schedules = Enumerable.Range(0, 400)
            .Select(_ => Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(4)).ToImmutableArray())
            .ToArray();
        var perCaller = schedules.Chunk(50).Select(chunk => Task.Run(async () =>
        {
            foreach (var steps in chunk) Assert.Equal(steps.Length, await grain.RunAsync(steps));
        }));
        await Task.WhenAll(perCaller).Soon();
        Assert.NotNull(host);
    }
}

internal static class TurnGrainExtensions
{
    /// <summary>Passes through the activation once, so that what could have started there has started.</summary>
    public static async Task WaitInterleavedOnceAsync(this ITurnGrain grain, EmbeddedHost host)
    {
        host.Probe["pass"].Open();
        await grain.WaitInterleavedAsync("pass").Soon();
    }
}
