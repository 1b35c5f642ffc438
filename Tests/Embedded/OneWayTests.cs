using Orleans.Concurrency;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

internal interface IPokedGrain : IGrainWithStringKey
{
    [OneWay]
    Task PokeAsync();

    [OneWay]
    Task FailAsync();

    [OneWay]
    ValueTask PokeValueAsync();

    Task<int> CountAsync();
}

internal interface IWrongPokedGrain : IGrainWithStringKey
{
    [OneWay]
    Task<int> PokeAsync();
}

internal sealed class PokedGrain(Probe probe) : Grain, IPokedGrain
{
    private int _pokes;

    public async Task PokeAsync()
    {
        await probe["poke"].PassAsync();
        _pokes++;
    }

    public Task FailAsync()
    {
        probe.Note("failed");
        throw probe.Exception;
    }

    public ValueTask PokeValueAsync()
    {
        _pokes++;
        return ValueTask.CompletedTask;
    }

    public Task<int> CountAsync() => Task.FromResult(_pokes);
}

internal sealed class WrongPokedGrain : Grain, IWrongPokedGrain
{
    public Task<int> PokeAsync() => Task.FromResult(1);
}

public sealed class OneWayTests
{
    [Fact]
    public async Task A_caller_of_a_one_way_method_does_not_wait_for_it()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IPokedGrain>("a");
        Assert.True(grain.PokeAsync().IsCompletedSuccessfully);
        await grain.PokeValueAsync().Soon();
        await host.Probe["poke"].ArrivalAsync();
        host.Probe["poke"].Open();
        Assert.Equal(2, await grain.CountAsync().Soon());
    }

    [Fact]
    public async Task A_caller_of_a_one_way_method_does_not_hear_of_failures()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var grain = host.Grain<IPokedGrain>("a");
        await grain.FailAsync().Soon();
        await grain.CountAsync().Soon();
        Assert.Equal(1, host.Probe.Count("failed"));
    }

    [Fact]
    public async Task A_one_way_method_with_a_result_is_refused()
    {
        await using var host = await EmbeddedHost.StartAsync();
        NotSupportedException failure = Assert.Throws<NotSupportedException>(() => { _ = host.Grain<IWrongPokedGrain>("a"); });
        Assert.Contains("one-way", failure.Message, StringComparison.Ordinal);
    }
}
