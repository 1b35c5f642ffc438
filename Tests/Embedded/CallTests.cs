using System.Collections.Immutable;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

[Immutable]
public sealed record Parcel(string Text, ImmutableArray<int> Numbers);

internal interface IEchoGrain : IGrainWithStringKey
{
    Task<Parcel> TaskAsync(Parcel parcel);

    ValueTask<(int, string?)> ValueTaskAsync(int number, string? text, DateTimeOffset time);

    ValueTask PlainValueTaskAsync(ImmutableDictionary<string, ReadOnlyMemory<byte>> map);

    Task OverloadAsync();

    Task<string> OverloadAsync(string text);

    Task<IEchoGrain> SelfAsync();

    [return: Immutable]
    Task<List<int>> NumbersAsync([Immutable] List<int> numbers, CancellationToken token);

    Task ThrowAsync(bool atOnce);

    Task<int> ThrowValueAsync(bool atOnce);

    Task<int> NullAsync();

    Task<string?> ContextAsync(string key);

    Task<string?> ContextOfNextAsync(string key);

    Task SetContextAsync(string key);

    Task WaitForTokenAsync(CancellationToken cancellationToken);

    Task WaitAsync(CancellationToken cancellationToken);
}

internal sealed class EchoGrain(Probe probe) : Grain, IEchoGrain
{
    public Task<Parcel> TaskAsync(Parcel parcel) => Task.FromResult(parcel);

    public async ValueTask<(int, string?)> ValueTaskAsync(int number, string? text, DateTimeOffset time)
    {
        await Task.Yield();
        return (number + time.Year, text);
    }

    public ValueTask PlainValueTaskAsync(ImmutableDictionary<string, ReadOnlyMemory<byte>> map) => default;

    public Task OverloadAsync() => Task.CompletedTask;

    public Task<string> OverloadAsync(string text) => Task.FromResult(text);

    public Task<IEchoGrain> SelfAsync() => Task.FromResult(this.AsReference<IEchoGrain>());

    public Task<List<int>> NumbersAsync(List<int> numbers, CancellationToken token) => Task.FromResult(numbers);

    public Task ThrowAsync(bool atOnce) => ThrowValueAsync(atOnce);

    public Task<int> ThrowValueAsync(bool atOnce) => atOnce ? throw probe.Exception : ThrowLaterAsync();

#pragma warning disable MA0022 // The mistake is the point.
    public Task<int> NullAsync() => null!;
#pragma warning restore MA0022

    public Task<string?> ContextAsync(string key) => Task.FromResult(RequestContext.Get(key) as string);

    public async Task<string?> ContextOfNextAsync(string key)
    {
        RequestContext.Set(key, RequestContext.Get(key) + "+");
        await Task.Yield();
        return await GrainFactory.GetGrain<IEchoGrain>("next").ContextAsync(key);
    }

    // Not async on purpose: nothing restores the flow of execution but the host.
    public Task SetContextAsync(string key)
    {
        RequestContext.Set(key, "left behind");
        return Task.CompletedTask;
    }

    public async Task WaitForTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await probe["token"].PassUnlessAsync(cancellationToken);
        }
        finally
        {
            probe.Note("token seen");
            probe["seen"].Signal();
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        probe.Note("waits");
        return probe["wait"].PassAsync();
    }

    private async Task<int> ThrowLaterAsync()
    {
        await Task.Yield();
        throw probe.Exception;
    }
}

public sealed class CallTests
{
    [Fact]
    public async Task Every_kind_of_method_can_be_called_and_values_arrive_as_they_are()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IEchoGrain>("a");
        var parcel = new Parcel("text", [1, 2]);
        Assert.Same(parcel, await grain.TaskAsync(parcel).Soon());
        Assert.Equal((2027, "b"), await grain.ValueTaskAsync(1, "b", host.Clock.GetUtcNow()).Soon());
        await grain.PlainValueTaskAsync(ImmutableDictionary<string, ReadOnlyMemory<byte>>.Empty).Soon();
        await grain.OverloadAsync().Soon();
        Assert.Equal("text", await grain.OverloadAsync("text").Soon());
        List<int> numbers = [1];
        Assert.Same(numbers, await grain.NumbersAsync(numbers, CancellationToken.None).Soon());
    }

    [Fact]
    public async Task References_to_one_grain_are_equal_and_know_its_identity()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IEchoGrain>("tenant/7");
        var self = await grain.SelfAsync().Soon();
        Assert.Equal(grain, self);
        Assert.NotEqual(grain, host.Grain<IEchoGrain>("tenant/8"));
        Assert.Equal("tenant/7", self.GetPrimaryKeyString());
        Assert.Equal(GrainId.Create("echo", "tenant/7"), self.GetGrainId());
        Assert.Equal("echo/tenant/7", self.GetGrainId().ToString());
        Assert.Equal(self.GetGrainId(), GrainId.Parse(self.GetGrainId().ToString()));
        Assert.Same(self, self.AsReference<IEchoGrain>());
        Assert.Equal(self, host.Cluster.Client.GetGrain(typeof(IEchoGrain), "tenant/7"));
        Assert.Equal(self, host.Cluster.Client.GetGrain<IEchoGrain>(self.GetGrainId()));
        Assert.Throws<ArgumentException>(() => self.AsReference<ITurnGrain>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_exception_reaches_the_caller_as_the_object_it_is_with_its_stack(bool atOnce)
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IEchoGrain>("a");
        var plain = await Assert.ThrowsAsync<ProbeException>(() => grain.ThrowAsync(atOnce).Soon());
        Assert.Same(host.Probe.Exception, plain);
        Assert.Contains(nameof(EchoGrain), plain.StackTrace, StringComparison.Ordinal);
        Assert.Same(plain, await Assert.ThrowsAsync<ProbeException>(() => grain.ThrowValueAsync(atOnce).Soon()));
    }

    [Fact]
    public async Task A_method_that_returns_no_task_is_reported_by_name()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Grain<IEchoGrain>("a").NullAsync().Soon());
        Assert.Contains("IEchoGrain.NullAsync", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_context_goes_with_a_call_and_on_to_the_next_and_never_back()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IEchoGrain>("a");
        RequestContext.Set("who", "me");
        Assert.Equal("me", await grain.ContextAsync("who").Soon());
        Assert.Equal("me+", await grain.ContextOfNextAsync("who").Soon());
        await grain.SetContextAsync("who").Soon();
        Assert.Equal("me", RequestContext.Get("who"));
        Assert.True(RequestContext.Remove("who"));
        Assert.Null(await grain.ContextAsync("who").Soon());
        Assert.Empty(RequestContext.Keys);
    }

    [Fact]
    public async Task What_one_request_leaves_in_the_context_does_not_reach_the_next()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IEchoGrain>("a");
        var calls = Enumerable.Range(0, 200).Select(async i =>
        {
            if (i % 2 == 0) await grain.SetContextAsync("who");
            return await grain.ContextAsync("who");
        });
        Assert.All(await Task.WhenAll(calls).Soon(), Assert.Null);
    }

    [Fact]
    public async Task Cancellation_reaches_the_grain_and_the_caller()
    {
        await using var host = await EmbeddedHost.StartAsync();
        using var source = new CancellationTokenSource();
        var call = host.Grain<IEchoGrain>("a").WaitForTokenAsync(source.Token);
        await host.Probe["token"].ArrivalAsync();
        await source.CancelAsync();
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        Assert.Equal(source.Token, exception.CancellationToken);
        await host.Probe["seen"].ArrivalAsync();
        Assert.Equal(1, host.Probe.Count("token seen"));
    }

    [Fact]
    public async Task A_caller_who_cancels_does_not_wait_for_a_grain_that_takes_no_notice()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IEchoGrain>("a");
        using var source = new CancellationTokenSource();
        var running = grain.WaitAsync(source.Token);
        await host.Probe["wait"].ArrivalAsync();
        var queued = grain.WaitAsync(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.WaitAsync(source.Token).Soon());

        // Neither the queued call nor the one made afterwards ran.
        host.Probe["wait"].Open();
        await grain.OverloadAsync().Soon();
        Assert.Equal(1, host.Probe.Count("waits"));
    }
}
