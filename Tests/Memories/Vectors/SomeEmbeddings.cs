using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Memories.Vectors;

/// <summary>The parts that call a generator, over a generator of ours and a clock that stands still.</summary>
internal sealed class SomeEmbeddings : IDisposable
{
    public SomeEmbeddings(
        IEmbeddingGenerator<string, Embedding<float>>? generator,
        Action<VectorOptions>? configure = null,
        TimeProvider? pauses = null
    )
    {
        var services = new ServiceCollection();
        if (generator is not null)
        {
            services.AddSingleton(generator);
        }

        var options = new VectorOptions();
        configure?.Invoke(options);
        Services = services.BuildServiceProvider();
        Source = new EmbeddingSource(Services, Options.Create(options), Clock);
        Texts = new TextEmbedder(Source, Options.Create(options), pauses ?? Clock);
        Queries = new QueryEmbedder(
            Source,
            Options.Create(options),
            Clock,
            Instruments,
            new Logger<QueryEmbedder>(new LoggerFactory([Log]))
        );
    }

    public ServiceProvider Services { get; }

    public TestClock Clock { get; } = new();

    public LogLines Log { get; } = new();

    public MemoryInstruments Instruments { get; } = new();

    public EmbeddingSource Source { get; }

    public TextEmbedder Texts { get; }

    public QueryEmbedder Queries { get; }

    public void Dispose()
    {
        Texts.Dispose();
        Instruments.Dispose();
        Log.Dispose();
        Services.Dispose();
    }
}
