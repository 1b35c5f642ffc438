using System.Runtime.CompilerServices;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public interface IFeedGrain : IGrainWithStringKey
{
    IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> WaitAfterAsync(int count, CancellationToken cancellationToken = default);

    IAsyncEnumerable<string> FailAfterAsync(int count);

    IAsyncEnumerable<int> BadStartAsync();

    Task<string> RelayAsync(string other, int count);

    Task LeaveAsync();

    Task<int> AnswerAsync();

    Task WorkAsync(string gate);
}

internal sealed class FeedGrain(Probe probe) : Grain, IFeedGrain
{
    public async IAsyncEnumerable<int> CountAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var scheduler = TaskScheduler.Current;
        try
        {
            for (var i = 0; i < count; i++)
            {
                if (i % 7 == 3) await Task.Yield();
                if (!ReferenceEquals(scheduler, TaskScheduler.Current)) probe.Note("left the activation");
                probe.Note("made");
                yield return i;
            }
        }
        finally
        {
            await Task.Yield();
            probe.Note("disposed");
            probe["disposed"].Signal();
        }
    }

    public async IAsyncEnumerable<int> WaitAfterAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var i = 0; i < count; i++) yield return i;
            await probe["stream"].PassUnlessAsync(cancellationToken);
            yield return count;
        }
        finally
        {
            probe["disposed"].Signal();
        }
    }

    public async IAsyncEnumerable<string> FailAfterAsync(int count)
    {
        for (var i = 0; i < count; i++) yield return "x";
        await Task.Yield();
        throw probe.Exception;
    }

    public IAsyncEnumerable<int> BadStartAsync() => throw probe.Exception;

    public async Task<string> RelayAsync(string other, int count)
    {
        var sum = 0;
        await foreach (var item in GrainFactory.GetGrain<IFeedGrain>(other).CountAsync(count)) sum += item;
        return $"{sum}";
    }

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<int> AnswerAsync() => Task.FromResult(42);

    public Task WorkAsync(string gate) => probe[gate].PassAsync();
}

public sealed class StreamTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1234)]
    public async Task Elements_arrive_in_order_and_the_enumerator_is_disposed(int count)
    {
        await using var host = await EmbeddedHost.StartAsync();
        var items = await host.Grain<IFeedGrain>("a").CountAsync(count).ToListAsync().Soon();
        Assert.Equal(Enumerable.Range(0, count), items);
        Assert.Equal(1, host.Probe.Count("disposed"));
        Assert.Equal(0, host.Probe.Count("left the activation"));
    }

    [Fact]
    public async Task A_stream_can_be_enumerated_again()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var stream = host.Grain<IFeedGrain>("a").CountAsync(10);
        Assert.Equal(await stream.ToListAsync().Soon(), await stream.ToListAsync().Soon());
        Assert.Equal(2, host.Probe.Count("disposed"));
    }

    [Fact]
    public async Task Elements_are_fetched_in_batches_and_no_further_ahead()
    {
        await using var host = await EmbeddedHost.StartAsync();
        await using var reader = host.Grain<IFeedGrain>("a").WaitAfterAsync(250).WithBatchSize(100).GetAsyncEnumerator();
        var counting = host.Grain<IFeedGrain>("b").CountAsync(1000).WithBatchSize(3).GetAsyncEnumerator();
        Assert.True(await counting.MoveNextAsync().Soon());
        Assert.Equal(0, counting.Current);
        Assert.InRange(host.Probe.Count("made"), 1, 4);
        await counting.DisposeAsync().Soon();
        for (var i = 0; i < 250; i++)
        {
            Assert.True(await reader.MoveNextAsync().Soon());
            Assert.Equal(i, reader.Current);
        }
    }

    [Fact]
    public async Task The_grain_takes_other_requests_while_a_stream_is_open_and_waits()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IFeedGrain>("a");
        await using var reader = grain.WaitAfterAsync(0).GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        await host.Probe["stream"].ArrivalAsync();
        Assert.Equal(42, await grain.AnswerAsync().Soon());

        // And the other way round: it is read while a request is under way.
        var work = grain.WorkAsync("work");
        await host.Probe["work"].ArrivalAsync();
        host.Probe["stream"].Open();
        Assert.True(await next.Soon());
        Assert.Equal(0, reader.Current);
        host.Probe["work"].Open();
        await work.Soon();
    }

    [Fact]
    public async Task Waiting_for_an_element_may_take_longer_than_the_response_timeout()
    {
        await using var host = await EmbeddedHost.StartAsync();
        await using var reader = host.Grain<IFeedGrain>("a").WaitAfterAsync(0).GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        await host.Probe["stream"].ArrivalAsync();
        for (var i = 0; i < 12; i++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(10));
            await host.SettleAsync(host.Grain<IFeedGrain>("a"));
            Assert.Equal(42, await host.Grain<IFeedGrain>("a").AnswerAsync().Soon());
        }

        host.Probe["stream"].Open();
        Assert.True(await next.Soon());
    }

    [Fact]
    public async Task Leaving_the_loop_early_disposes_the_grain_s_enumerator()
    {
        await using var host = await EmbeddedHost.StartAsync();
        await foreach (var item in host.Grain<IFeedGrain>("a").CountAsync(100_000))
        {
            if (item == 5) break;
        }

        Assert.Equal(1, host.Probe.Count("disposed"));
    }

    [Fact]
    public async Task An_exception_midway_comes_after_the_elements_before_it()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var seen = 0;
        var exception = await Assert.ThrowsAsync<ProbeException>(async () =>
        {
            await foreach (var item in host.Grain<IFeedGrain>("a").FailAfterAsync(120)) seen++;
        });
        Assert.Same(host.Probe.Exception, exception);
        Assert.Equal(120, seen);
        Assert.Same(exception, await Assert.ThrowsAsync<ProbeException>(() => host.Grain<IFeedGrain>("a").BadStartAsync().ToListAsync().Soon()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancellation_ends_the_waiting_and_reaches_the_grain(bool asArgument)
    {
        await using var host = await EmbeddedHost.StartAsync();
        using var source = new CancellationTokenSource();
        var grain = host.Grain<IFeedGrain>("a");
        var reading = ReadAsync();
        await host.Probe["stream"].ArrivalAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Soon());
        await host.Probe["disposed"].ArrivalAsync();

        async Task ReadAsync()
        {
            var stream = asArgument ? grain.WaitAfterAsync(1, source.Token) : grain.WaitAfterAsync(1, CancellationToken.None);
            await foreach (var item in stream.WithCancellation(asArgument ? default : source.Token)) Assert.Equal(0, item);
        }
    }

    [Fact]
    public async Task Deactivation_ends_a_stream_with_an_error_and_not_with_a_hang()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IFeedGrain>("a");
        var reading = grain.WaitAfterAsync(3).ToListAsync().AsTask();
        await host.Probe["stream"].ArrivalAsync();
        await grain.LeaveAsync().Soon();
        await Assert.ThrowsAsync<EnumerationAbortedException>(() => reading.Soon());
        await host.Probe["disposed"].ArrivalAsync();
    }

    [Fact]
    public async Task A_stream_does_not_go_on_in_the_next_activation()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IFeedGrain>("a");
        await using var reader = grain.WaitAfterAsync(10).WithBatchSize(1).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().Soon());
        await host.Cluster.DeactivateAsync(grain).Soon();
        await host.Probe["disposed"].ArrivalAsync();
        await Assert.ThrowsAsync<EnumerationAbortedException>(() => reader.MoveNextAsync().Soon());
    }

    [Fact]
    public async Task A_reader_that_goes_after_its_grain_does_not_bring_the_grain_back()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IFeedGrain>("a");
        var reader = grain.WaitAfterAsync(10).WithBatchSize(1).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().Soon());
        await host.Cluster.DeactivateAsync(grain).Soon();
        await reader.DisposeAsync().Soon();
        Assert.Empty(host.Silo.Classes.Activations);
    }

    [Fact]
    public async Task A_stopping_host_ends_streams_with_an_error()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var waiting = host.Grain<IFeedGrain>("a").WaitAfterAsync(0).ToListAsync().AsTask();
        await host.Probe["stream"].ArrivalAsync();
        await host.Cluster.StopAllSilosAsync().Soon();
        await Assert.ThrowsAsync<EnumerationAbortedException>(() => waiting.Soon());
        await host.Probe["disposed"].ArrivalAsync();
    }

    [Fact]
    public async Task A_forsaken_stream_is_ended_after_a_while()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var reader = host.Grain<IFeedGrain>("a").WaitAfterAsync(10).WithBatchSize(1).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().Soon());
        for (var i = 0; i < 2; i++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(30));
            await host.SettleAsync(host.Grain<IFeedGrain>("a"));
        }

        await host.Probe["disposed"].ArrivalAsync();
        await Assert.ThrowsAsync<EnumerationAbortedException>(() => reader.MoveNextAsync().Soon());
    }

    [Fact]
    public async Task A_grain_can_read_the_stream_of_another_and_of_itself()
    {
        await using var host = await EmbeddedHost.StartAsync();
        Assert.Equal("19900", await host.Grain<IFeedGrain>("a").RelayAsync("b", 200).Soon());
        Assert.Equal("19900", await host.Grain<IFeedGrain>("a").RelayAsync("a", 200).Soon());
    }
}
