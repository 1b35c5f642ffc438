using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>What distilling works with; one for all scopes of a silo.</summary>
internal sealed class ExtractionServices(
    IFactStore store,
    IGrainFactory grains,
    ModelCalls calls,
    EmbeddingHook embedding,
    IOptions<ExtractionOptions> options,
    [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider clock,
    MemoryInstruments instruments,
    ILogger<ExtractionWork> logger
)
{
    /// <summary>Where turns and facts are.</summary>
    public IFactStore Store { get; } = store;

    /// <summary>Finds what a scope knows.</summary>
    public KnownFacts Known { get; } = new(store, grains, options.Value);

    /// <summary>Asks the model.</summary>
    public ModelCalls Calls { get; } = calls;

    /// <summary>Is told of facts that have no vector yet.</summary>
    public EmbeddingHook Embedding { get; } = embedding;

    /// <summary>The bounds.</summary>
    public ExtractionOptions Options { get; } = options.Value;

    /// <summary>The clock of instants and expiries.</summary>
    public TimeProvider Clock { get; } = clock;

    /// <summary>What is measured.</summary>
    public MemoryInstruments Instruments { get; } = instruments;

    /// <summary>Is told what was done and what failed.</summary>
    public ILogger Logger { get; } = logger;
}
