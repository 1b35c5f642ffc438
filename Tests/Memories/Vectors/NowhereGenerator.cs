using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.Memories.Vectors;

/// <summary>A generator that answers one text with nothing but zeros.</summary>
internal sealed class NowhereGenerator(string nowhere) : DelegatingEmbeddingGenerator<string, Embedding<float>>(new MeaningGenerator())
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        string[] texts = [.. values];
        GeneratedEmbeddings<Embedding<float>> answer = await base.GenerateAsync(texts, options, cancellationToken);
        return
        [
            .. answer.Zip(
                texts,
                (embedding, text) => text == nowhere ? new Embedding<float>(new float[embedding.Vector.Length]) : embedding
            ),
        ];
    }
}
