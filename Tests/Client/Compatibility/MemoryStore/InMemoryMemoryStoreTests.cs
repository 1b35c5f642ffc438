using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MemoryStore;

/// <summary>The contract in this process, and that nothing is left behind.</summary>
public sealed class InMemoryMemoryStoreTests : MemoryStoreContract
{
    private readonly Gate _gate = new();

    private InMemoryMemoryStore InMemory => (InMemoryMemoryStore)Store;

    public override ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task<IMemoryStore> MakeAsync()
    {
        var options = new JsonSerializerOptions { Converters = { new SlowConverter(_gate) } };
        return Task.FromResult<IMemoryStore>(new InMemoryMemoryStore(Clock, new MemoryStoreOptions { SerializerOptions = options }));
    }

    [Fact]
    public async Task Nothing_is_kept_of_what_was_removed_or_has_expired()
    {
        for (int i = 0; i < 100; i++)
        {
            await Store.SaveAsync(FormattableString.Invariant($"brief{i}"), Flags, "k", i, TimeSpan.FromSeconds(1 + (i % 3)));
            await Store.SaveAsync(FormattableString.Invariant($"removed{i}"), Flags, "k", i);
            await Store.DeleteAsync(FormattableString.Invariant($"removed{i}"), Flags, "k");
            await Store.SaveAsync("again", Flags, "k", i, TimeSpan.FromSeconds(5));
            await Store.SaveAsync("negative", Flags, "k", i, TimeSpan.FromSeconds(-5));
        }

        Assert.Equal((101, 101, 101), InMemory.Held);
        Clock.Advance(TimeSpan.FromSeconds(4));

        // Any call drops what anybody left.
        Assert.False((await Store.TryLoadAsync<int>("unknown", Flags, "k")).Found);

        Assert.Equal((1, 1, 1), InMemory.Held);
        await Store.SaveAsync("again", Flags, "k", 0);
        Assert.Equal((1, 1, 0), InMemory.Held);
        await Store.DeleteAsync("again", Flags, "k");
        Assert.Equal((0, 0, 0), InMemory.Held);
    }

    [Fact]
    public async Task A_value_that_is_slow_to_write_holds_nobody_up_and_the_last_to_end_wins()
    {
        Task slow = Task.Run(() => Store.SaveAsync(Session, Flags, "k", new Slow()));
        await _gate.ArrivalAsync();

        await Store.SaveAsync(Session, Flags, "k", "quick").WithTimeout();
        Assert.Equal("quick", await Store.LoadAsync<string>(Session, Flags, "k").WithTimeout());

        _gate.Open();
        await slow.WithTimeout();
        Assert.Equal("slow", await Store.LoadAsync<string>(Session, Flags, "k"));
    }

    private sealed class Slow;

    private sealed class SlowConverter(Gate gate) : JsonConverter<Slow>
    {
        public override Slow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new JsonException();

        public override void Write(Utf8JsonWriter writer, Slow value, JsonSerializerOptions options)
        {
            gate.PassAsync().WithTimeout().GetAwaiter().GetResult();
            writer.WriteStringValue("slow");
        }
    }
}
