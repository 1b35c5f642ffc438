using OrleansMemory.Conversations;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories.Vectors;

public abstract partial class VectorBehaviour
{
    [Fact]
    public async Task A_memory_is_found_by_its_terms_at_once_and_by_its_meaning_when_it_is_embedded()
    {
        using var gate = new Gate();
        using var generator = new MeaningGenerator
        {
            Before = (texts, _) => texts.Contains("The dog is Rex") ? gate.PassAsync() : Task.CompletedTask,
        };
        GrainHost host = await StartAsync(generator);
        IMemoryGrain memory = Memory(host);
        await RecordAsync(memory, "The dog is Rex", "The house is green");

        // The embedder is at work by itself, and nobody waits for it.
        await gate.ArrivalAsync();
        Assert.Equal(["The dog is Rex"], await RecallAsync(memory, "Rex"));
        Assert.Empty(await RecallAsync(memory, "kaninor"));
        gate.Open();
        EmbeddingReport report = await EmbedAsync(host);
        Assert.Equal(new EmbeddingReport { IsComplete = true }, report);
        Assert.Equal(["The dog is Rex"], await RecallAsync(memory, "kaninor"));
        Assert.Equal(["The house is green"], await RecallAsync(memory, "residor"));
        Assert.Single(generator.Texts, text => text == "The dog is Rex");
    }

    [Fact]
    public async Task Meaning_and_terms_are_fused_into_one_rank()
    {
        using var generator = new MeaningGenerator();
        GrainHost host = await StartAsync(generator);
        IMemoryGrain memory = Memory(host);
        await RecordAsync(memory, "red automor", "the paint", "vehikor");
        await EmbedAsync(host);

        // By terms only the paint is found; by meaning the nearest is the bare vehikor.
        string[] found = await RecallAsync(memory, "car paint");
        Assert.Equal("the paint", found[0]);
        Assert.Equal(["red automor", "vehikor"], found[1..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Filters_hold_for_what_is_found_by_meaning()
    {
        using var generator = new MeaningGenerator();
        GrainHost host = await StartAsync(generator);
        IMemoryGrain memory = Memory(host);
        await memory.RecordAsync(
            new RecordRequest
            {
                Memories =
                [
                    new NewMemory
                    {
                        Kind = MemoryKind.Fact,
                        Text = "dog one",
                        Metadata = """{"a":"1"}""",
                    },
                    new NewMemory
                    {
                        Kind = MemoryKind.Fact,
                        Text = "dog two",
                        Metadata = """{"a":"2"}""",
                    },
                    new NewMemory { Kind = MemoryKind.Turn, Text = "dog three" },
                ],
            }
        );
        await EmbedAsync(host);
        RecallResult byMetadata = await memory.RecallAsync(
            new RecallRequest { Query = "kaninor", Metadata = [new MetadataMatch { Name = "a", Value = "2" }] }
        );
        RecallResult byKind = await memory.RecallAsync(new RecallRequest { Query = "kaninor", Kind = MemoryKind.Turn });
        Assert.Equal(["dog two"], byMetadata.Memories.Select(recalled => recalled.Memory.Text));
        Assert.Equal(["dog three"], byKind.Memories.Select(recalled => recalled.Memory.Text));
    }

    [Fact]
    public async Task A_generator_that_fails_for_a_question_costs_its_meaning_and_no_error()
    {
        bool works = true;
        using var generator = new MeaningGenerator
        {
            Before = (_, _) => works ? Task.CompletedTask : throw new InvalidOperationException("Rex"),
        };
        GrainHost host = await StartAsync(generator, options => options.QueryPause = TimeSpan.Zero);
        IMemoryGrain memory = Memory(host);
        await RecordAsync(memory, "The dog is Rex");
        await EmbedAsync(host);
        works = false;
        Assert.Equal(["The dog is Rex"], await RecallAsync(memory, "dog"));
        Assert.Empty(await RecallAsync(memory, "kaninor"));
        works = true;
        Assert.Equal(["The dog is Rex"], await RecallAsync(memory, "kaninor"));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("Rex", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slow_generator_holds_up_no_recording()
    {
        using var gate = new Gate();
        using var generator = new MeaningGenerator { Before = (texts, _) => texts[0] == "slow" ? gate.PassAsync() : Task.CompletedTask };
        GrainHost host = await StartAsync(generator);
        IMemoryGrain memory = Memory(host);
        Task<string[]> recalling = RecallAsync(memory, "slow");
        await gate.ArrivalAsync();
        await RecordAsync(memory, "The dog is Rex");
        Assert.Equal(["The dog is Rex"], await RecallAsync(memory, "Rex"));
        Assert.False(recalling.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await recalling);
        gate.Open();
    }

    [Fact]
    public async Task Without_a_generator_nothing_is_embedded_and_ranks_are_those_of_terms()
    {
        GrainHost host = await StartAsync(generator: null);
        IMemoryGrain memory = Memory(host);
        await RecordAsync(memory, "The dog is Rex");
        Assert.Equal(new EmbeddingReport(), await EmbedAsync(host));
        Assert.Equal(["The dog is Rex"], await RecallAsync(memory, "dog"));
        Assert.Empty(await RecallAsync(memory, "kaninor"));
    }

    [Fact]
    public async Task Several_silos_find_each_others_vectors()
    {
        using var generator = new MeaningGenerator();
        GrainHost first = await StartAsync(generator);
        GrainHost second = await StartAsync(generator);
        Assert.Empty(await RecallAsync(Memory(second), "kaninor"));
        await RecordAsync(Memory(first), "The dog is Rex");
        await EmbedAsync(first);
        Assert.Equal(["The dog is Rex"], await RecallAsync(Memory(second), "kaninor"));
        Assert.Equal(["The dog is Rex"], await RecallAsync(Memory(first), "kaninor"));

        string id = Assert.Single(await VectorsAsync(second, "tests/words@64"));
        Assert.True(await Directory(first).DeleteAsync(id));
        Assert.Empty(await RecallAsync(Memory(second), "kaninor"));
    }
}
