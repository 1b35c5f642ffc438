using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public abstract partial class VectorBehaviour
{
    private const string Model = "tests/words@64";

    [Fact]
    public async Task What_a_crash_left_without_vectors_the_next_silo_embeds_by_itself()
    {
        using var down = new MeaningGenerator { Before = (_, _) => throw new InvalidOperationException("down") };
        GrainHost first = await StartAsync(down);
        await RecordAsync(Memory(first), "The dog is Rex");
        Assert.False((await EmbedAsync(first)).IsComplete);
        await first.StopAsync();

        using var gate = new Gate();
        using var generator = new MeaningGenerator { Before = (_, _) => Arrive(gate) };
        GrainHost second = await StartAsync(generator);
        await gate.ArrivalAsync();
        Assert.True((await EmbedAsync(second)).IsComplete);
        Assert.Single(generator.Calls);
        Assert.Equal(["The dog is Rex"], await RecallAsync(Memory(second), "kaninor"));
    }

    [Fact]
    public async Task After_an_outage_of_the_generator_the_sweep_goes_on()
    {
        bool works = false;
        using var gate = new Gate();
        using var generator = new MeaningGenerator
        {
            Before = (_, _) => works ? Arrive(gate) : throw new InvalidOperationException("down"),
        };
        GrainHost host = await StartAsync(generator);
        await RecordAsync(Memory(host), "The dog is Rex");
        Assert.False((await EmbedAsync(host)).IsComplete);
        works = true;
        _clock.Advance(Interval);
        await gate.ArrivalAsync();
        Assert.True((await EmbedAsync(host)).IsComplete);
        Assert.Equal(["The dog is Rex"], await RecallAsync(Memory(host), "kaninor"));
    }

    [Fact]
    public async Task A_new_model_embeds_anew_and_vectors_of_two_models_are_never_compared()
    {
        using var old = new MeaningGenerator("old", 64);
        GrainHost first = await StartAsync(old);
        string[] ids = await RecordAsync(Memory(first), "The dog is Rex");
        await EmbedAsync(first);
        await first.StopAsync();

        using var gate = new Gate();
        using var generator = new MeaningGenerator("new", 64)
        {
            Before = (texts, _) => texts[0] == "The dog is Rex" ? gate.PassAsync() : Task.CompletedTask,
        };
        GrainHost second = await StartAsync(generator);
        await gate.ArrivalAsync();
        Assert.Equal(["The dog is Rex"], await RecallAsync(Memory(second), "Rex"));
        Assert.Empty(await RecallAsync(Memory(second), "kaninor"));
        gate.Open();
        Assert.True((await EmbedAsync(second)).IsComplete);
        Assert.Equal(["The dog is Rex"], await RecallAsync(Memory(second), "kaninor"));
        Assert.Equal(ids, await VectorsAsync(second, "tests/new@64"));
        Assert.Empty(await VectorsAsync(second, "tests/old@64"));
    }

    [Fact]
    public async Task Dimensions_that_change_under_way_are_refused_with_an_error_and_not_mixed()
    {
        using var generator = new MeaningGenerator();
        GrainHost host = await StartAsync(generator);
        await RecordAsync(Memory(host), "The dog is Rex");
        await EmbedAsync(host);
        generator.Dimensions = 32;
        await RecordAsync(Memory(host), "The pupilor is Max");
        Assert.Equal(new EmbeddingReport(), await EmbedAsync(host));
        Assert.Contains(_log.Lines, line => line.Contains("32 dimensions where its model has 64", StringComparison.Ordinal));
        Assert.Single(await VectorsAsync(host, Model));
        Assert.Equal(["The pupilor is Max"], await RecallAsync(Memory(host), "Max"));
    }

    [Fact]
    public async Task Dimensions_that_are_not_known_when_a_scope_is_read_are_found_out_later()
    {
        bool works = false;
        using var gate = new Gate();
        using var generator = new MeaningGenerator(saysDimensions: false)
        {
            Before = (_, _) => works ? Arrive(gate) : throw new InvalidOperationException("down"),
        };
        GrainHost host = await StartAsync(generator);
        await RecordAsync(Memory(host), "The dog is Rex");
        Assert.Equal(["The dog is Rex"], await RecallAsync(Memory(host), "Rex"));
        works = true;
        Assert.True((await EmbedAsync(host)).IsComplete);
        Assert.Equal(["The dog is Rex"], await RecallAsync(Memory(host), "kaninor"));
        Assert.Single(await VectorsAsync(host, Model));
    }

    [Fact]
    public async Task A_changed_text_is_embedded_anew_and_its_old_meaning_is_gone_at_once()
    {
        using var gate = new Gate();
        using var generator = new MeaningGenerator
        {
            Before = (texts, _) => texts[0] == "The car is red" ? gate.PassAsync() : Task.CompletedTask,
        };
        GrainHost host = await StartAsync(generator);
        string[] ids = await RecordAsync(Memory(host), "The dog is Rex");
        await EmbedAsync(host);
        Assert.Equal(["The dog is Rex"], await RecallAsync(Memory(host), "kaninor"));
        await Directory(host).UpdateAsync(ids[0], new MemoryUpdate { Text = "The car is red" });
        await gate.ArrivalAsync();
        Assert.Empty(await RecallAsync(Memory(host), "kaninor"));
        Assert.Empty(await RecallAsync(Memory(host), "vehikor"));
        gate.Open();
        await EmbedAsync(host);
        Assert.Equal(["The car is red"], await RecallAsync(Memory(host), "vehikor"));
    }

    [Fact]
    public async Task Changed_metadata_keeps_the_vector()
    {
        using var generator = new MeaningGenerator();
        GrainHost host = await StartAsync(generator);
        string[] ids = await RecordAsync(Memory(host), "The dog is Rex");
        await EmbedAsync(host);
        await Directory(host).UpdateAsync(ids[0], new MemoryUpdate { Metadata = """{"a":"1"}""" });
        await EmbedAsync(host);
        Assert.Single(generator.Calls);
        Assert.Equal(["The dog is Rex"], await RecallAsync(Memory(host), "kaninor"));
    }

    [Fact]
    public async Task A_text_that_the_generator_refuses_is_left_out_until_it_changes()
    {
        using var generator = new MeaningGenerator
        {
            Before = (texts, _) => texts.Contains("poison") ? throw new InvalidOperationException("no") : Task.CompletedTask,
        };
        GrainHost host = await StartAsync(generator);
        string[] ids = await RecordAsync(Memory(host), "one dog", "poison", "two cars", "a house");
        Assert.True((await EmbedAsync(host)).IsComplete);
        Assert.Equal(3, (await VectorsAsync(host, Model)).Length);
        Assert.Equal(["one dog"], await RecallAsync(Memory(host), "kaninor"));
        Assert.Equal(["poison"], await RecallAsync(Memory(host), "poison"));

        // It is remembered, also by a silo that knows nothing of it.
        await host.StopAsync();
        host = await StartAsync(generator);
        int calls = generator.Calls.Count;
        Assert.Equal(new EmbeddingReport { IsComplete = true }, await EmbedAsync(host));
        Assert.Equal(calls, generator.Calls.Count);
        await Directory(host).UpdateAsync(ids[1], new MemoryUpdate { Text = "three kaninor" });
        Assert.True((await EmbedAsync(host)).IsComplete);
        Assert.Equal(["one dog", "three kaninor"], (await RecallAsync(Memory(host), "pupilor")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deleted_and_erased_memories_leave_no_vector()
    {
        using var generator = new MeaningGenerator();
        GrainHost host = await StartAsync(generator);
        string[] ids = await RecordAsync(Memory(host), "The dog is Rex", "The pupilor is Max");
        await EmbedAsync(host);
        Assert.Equal(2, (await RecallAsync(Memory(host), "kaninor")).Length);
        await Directory(host).DeleteAsync(ids[0]);
        Assert.Equal(["The pupilor is Max"], await RecallAsync(Memory(host), "kaninor"));
        await host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create(_tenant, "u").ToString()).EraseAsync();
        Assert.Empty(await RecallAsync(Memory(host), "kaninor"));
        Assert.Empty(await VectorsAsync(host, Model));
        IFactStore store = host.Services.GetRequiredService<IFactStore>();
        Assert.DoesNotContain(Scope(), await store.FindScopesToEmbedAsync("another model", 1_000, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_expired_is_shown_to_no_generator()
    {
        GrainHost host = await StartAsync(generator: null);
        await Memory(host)
            .RecordAsync(
                new RecordRequest
                {
                    Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "soon over" }],
                    TimeToLive = TimeSpan.FromSeconds(1),
                }
            );
        await RecordAsync(Memory(host), "The dog is Rex");
        await host.StopAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        using var generator = new MeaningGenerator();
        host = await StartAsync(generator);
        Assert.True((await EmbedAsync(host)).IsComplete);
        Assert.Equal(["The dog is Rex"], generator.Texts);
    }

    [Fact]
    public async Task Memories_are_embedded_in_batches_of_the_size_that_the_option_says()
    {
        using var gate = new Gate();
        using var generator = new MeaningGenerator { Before = (_, _) => gate.PassAsync() };
        GrainHost host = await StartAsync(generator, options => (options.BatchSize, options.ConcurrentBatches) = (4, 2));
        await RecordAsync(Memory(host), [.. Enumerable.Range(0, 10).Select(i => $"dog {i}")]);
        await gate.ArrivalAsync();
        await gate.ArrivalAsync();
        Assert.Equal([4, 4], generator.Calls.Select(texts => texts.Length));
        gate.Open();
        Assert.True((await EmbedAsync(host)).IsComplete);
        Assert.Equal([4, 4, 2], generator.Calls.Select(texts => texts.Length));
        Assert.Equal(10, (await RecallAsync(Memory(host), "kaninor")).Length);
    }

    [Fact]
    public async Task What_is_recorded_while_the_embedder_works_is_embedded_too()
    {
        using var gate = new Gate();
        using var second = new Gate();
        using var generator = new MeaningGenerator { Before = (texts, _) => texts[0] == "first dog" ? gate.PassAsync() : Arrive(second) };
        GrainHost host = await StartAsync(generator);
        await RecordAsync(Memory(host), "first dog");
        await gate.ArrivalAsync();
        await RecordAsync(Memory(host), "second dog");
        gate.Open();
        await second.ArrivalAsync();
        await EmbedAsync(host);
        Assert.Equal(["first dog", "second dog"], generator.Texts);
    }

    [Fact]
    public async Task The_key_of_the_embedder_must_be_a_scope()
    {
        GrainHost host = await StartAsync(generator: null);
        await Assert.ThrowsAsync<Errors.InvalidRequestException>(() =>
            host.Grains.GetGrain<IMemoryEmbeddingGrain>("no scope").EmbedAsync().WithTimeout()
        );
    }

    private static Task Arrive(Gate gate)
    {
        gate.Signal();
        return Task.CompletedTask;
    }
}
