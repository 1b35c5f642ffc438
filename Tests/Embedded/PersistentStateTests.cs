using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public sealed class Ledgered
{
    public int Count { get; set; }
}

public interface ITallied : IGrainWithStringKey
{
    Task<(int Count, bool Exists, string? ETag)> ReadAsync();

    Task WriteAsync(int count);

    Task ChangeAsync(int count);

    Task ReloadAsync();

    Task ClearAsync();

    Task WriteTwiceAsync();
}

internal sealed class TalliedGrain(
    [PersistentState("tally", "tallies")] IPersistentState<Ledgered> tally, Probe probe, [PersistentState("", "tallies")] IPersistentState<Ledgered> other)
    : Grain, ITallied
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        probe.Note($"activated with {tally.State.Count} and {other.State.Count}");
        return Task.CompletedTask;
    }

    public Task<(int Count, bool Exists, string? ETag)> ReadAsync() => Task.FromResult((tally.State.Count, tally.RecordExists, tally.Etag));

    public async Task WriteAsync(int count)
    {
        tally.State.Count = count;
        other.State = new Ledgered { Count = -count };
        await tally.WriteStateAsync();
        await other.WriteStateAsync();
    }

    public Task ChangeAsync(int count)
    {
        tally.State.Count = count;
        return Task.CompletedTask;
    }

    public Task ReloadAsync() => tally.ReadStateAsync();

    public Task ClearAsync() => tally.ClearStateAsync();

    public Task WriteTwiceAsync() => Task.WhenAll(tally.WriteStateAsync(), tally.WriteStateAsync());
}

public interface IStoredNowhere : IGrainWithStringKey
{
    Task TouchAsync();
}

internal sealed class StoredNowhereGrain([PersistentState("x", "nowhere")] IPersistentState<Ledgered> state) : Grain, IStoredNowhere
{
    public Task TouchAsync() => state.WriteStateAsync();
}

/// <summary>Grain states on the embedded host.</summary>
public sealed class PersistentStateTests
{
    [Fact]
    public async Task State_is_read_before_the_grain_is_told_that_it_is_active()
    {
        await using EmbeddedHost host = await StartAsync();
        ITallied grain = host.Grain<ITallied>("k");
        Assert.Equal((0, false, null), await grain.ReadAsync());
        await grain.WriteAsync(7);

        await host.Cluster.DeactivateAsync(grain);

        Assert.Equal((7, true, "1"), await grain.ReadAsync());
        Assert.Equal(["activated with 0 and 0", "activated with 7 and -7"], host.Probe.Events);
        Assert.Equal((0, false, null), await host.Grain<ITallied>("other").ReadAsync());
    }

    [Fact]
    public async Task What_was_changed_and_not_written_is_not_stored()
    {
        await using EmbeddedHost host = await StartAsync();
        ITallied grain = host.Grain<ITallied>("k");
        await grain.WriteAsync(1);
        await grain.ChangeAsync(2);
        Assert.Equal((2, true, "1"), await grain.ReadAsync());

        await grain.ReloadAsync();

        Assert.Equal((1, true, "1"), await grain.ReadAsync());
    }

    [Fact]
    public async Task Cleared_state_is_a_new_one_and_may_be_written_again()
    {
        await using EmbeddedHost host = await StartAsync();
        ITallied grain = host.Grain<ITallied>("k");
        await grain.WriteAsync(1);
        await grain.ClearAsync();
        Assert.Equal((0, false, "2"), await grain.ReadAsync());
        await host.Cluster.DeactivateAsync(grain);
        Assert.Equal((0, false, "2"), await grain.ReadAsync());

        await grain.WriteAsync(5);

        Assert.Equal((5, true, "3"), await grain.ReadAsync());
    }

    [Fact]
    public async Task Writes_that_are_begun_together_come_one_after_the_other()
    {
        await using EmbeddedHost host = await StartAsync();
        ITallied grain = host.Grain<ITallied>("k");

        await grain.WriteTwiceAsync();

        Assert.Equal("2", (await grain.ReadAsync()).ETag);
    }

    [Fact]
    public async Task Grain_whose_state_somebody_else_has_stored_is_told_and_starts_anew()
    {
        await using EmbeddedHost host = await StartAsync();
        ITallied grain = host.Grain<ITallied>("k");
        await grain.WriteAsync(1);
        var storage = host.Cluster.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("tallies");
        await storage.WriteStateAsync("tally", grain.GetGrainId(), new GrainState<Ledgered>(new Ledgered { Count = 9 }, "1"));

        InconsistentStateException refusal = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.WriteAsync(2));
        await host.Cluster.WaitForDeactivationAsync(grain).Soon();

        Assert.Equal(("2", "1"), (refusal.StoredEtag, refusal.CurrentEtag));
        Assert.Equal((9, true, "2"), await grain.ReadAsync());
    }

    [Fact]
    public async Task Storage_that_was_not_added_is_named_to_the_caller()
    {
        await using EmbeddedHost host = await StartAsync();

        var failure = await Assert.ThrowsAsync<BadProviderConfigException>(() => host.Grain<IStoredNowhere>("k").TouchAsync());

        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
    }

    private static Task<EmbeddedHost> StartAsync() => EmbeddedHost.StartAsync(silo => silo.AddMemoryGrainStorage("tallies"));
}
