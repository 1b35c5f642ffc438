using System.Collections.Immutable;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public interface IMutableArgumentGrain : IGrainWithStringKey
{
    Task StoreAsync(int count, List<string> items);
}

public interface IMutableResultGrain : IGrainWithStringKey
{
    Task<Dictionary<string, int>> ReadAsync();
}

public interface IMutableItemGrain : IGrainWithStringKey
{
    Task StoreAsync(ImmutableArray<byte[]> blocks);
}

public interface IMutableStreamGrain : IGrainWithStringKey
{
    IAsyncEnumerable<object> ReadAsync();
}

public interface IGenericMethodGrain : IGrainWithStringKey
{
    Task StoreAsync<T>(T value);
}

public interface ISynchronousGrain : IGrainWithStringKey
{
    int Read();
}

public interface IOrphanGrain : IGrainWithStringKey;

public interface IShapeGrain : IGrainWithStringKey;

[GrainType("first-shape")]
internal sealed class FirstShape : Grain, IShapeGrain;

[GrainType("second-shape")]
internal sealed class SecondShape : Grain, IShapeGrain;

internal sealed class RefusedGrain : Grain, IMutableArgumentGrain, IMutableResultGrain, IMutableItemGrain, IMutableStreamGrain, IGenericMethodGrain, ISynchronousGrain
{
    public Task StoreAsync(int count, List<string> items) => Task.CompletedTask;

    public Task<Dictionary<string, int>> ReadAsync() => Task.FromResult(new Dictionary<string, int>(StringComparer.Ordinal));

    public Task StoreAsync(ImmutableArray<byte[]> blocks) => Task.CompletedTask;

    IAsyncEnumerable<object> IMutableStreamGrain.ReadAsync() => AsyncEnumerable.Empty<object>();

    public Task StoreAsync<T>(T value) => Task.CompletedTask;

    public int Read() => 0;
}

public sealed class InterfaceTests
{
    [Theory]
    [InlineData(typeof(IMutableArgumentGrain), "IMutableArgumentGrain.StoreAsync", "argument 'items'")]
    [InlineData(typeof(IMutableResultGrain), "IMutableResultGrain.ReadAsync", "result")]
    [InlineData(typeof(IMutableItemGrain), "IMutableItemGrain.StoreAsync", "argument 'blocks'")]
    [InlineData(typeof(IMutableStreamGrain), "IMutableStreamGrain.ReadAsync", "result")]
    [InlineData(typeof(IGenericMethodGrain), "IGenericMethodGrain.StoreAsync", "generic")]
    [InlineData(typeof(ISynchronousGrain), "ISynchronousGrain.Read", "neither a task")]
    public async Task What_could_be_changed_behind_a_grain_s_back_is_refused_by_name(Type grainInterface, string method, string place)
    {
        await using var host = await EmbeddedHost.StartAsync();
        var exception = Assert.Throws<NotSupportedException>(() => host.Cluster.Client.GetGrain(grainInterface, "a"));
        Assert.Contains(method, exception.Message, StringComparison.Ordinal);
        Assert.Contains(place, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_without_a_class_or_with_two_is_refused_by_name()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var none = Assert.Throws<ArgumentException>(() => host.Grain<IOrphanGrain>("a"));
        Assert.Contains(nameof(IOrphanGrain), none.Message, StringComparison.Ordinal);
        var both = Assert.Throws<ArgumentException>(() => host.Grain<IShapeGrain>("a"));
        Assert.Contains(nameof(FirstShape), both.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SecondShape), both.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_name_prefix_chooses_between_classes()
    {
        await using var host = await EmbeddedHost.StartAsync();
        var prefix = typeof(SecondShape).FullName!;
        Assert.Equal("second-shape/a", host.Cluster.Client.GetGrain<IShapeGrain>("a", prefix).GetGrainId().ToString());
        Assert.Equal("first-shape/a", host.Cluster.Client.GetGrain<IShapeGrain>("a", typeof(FirstShape).FullName![..^2]).GetGrainId().ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public async Task A_grain_needs_a_key(string? key)
    {
        await using var host = await EmbeddedHost.StartAsync();
        Assert.ThrowsAny<ArgumentException>(() => host.Grain<ITurnGrain>(key!));
    }
}
