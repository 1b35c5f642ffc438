using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using OrleansMemory.LocalEmbeddings;
using OrleansMemory.Memories;

namespace OrleansMemory.Tests.LocalEmbeddings;

/// <summary>The models, which all tests share: each takes 200 MB. And what tests ask of vectors.</summary>
internal static class LocalModels
{
    private static readonly Lazy<LocalEmbeddingGenerator> Arctic = new(() => Make(options => options.Threads = 1));
    private static readonly Lazy<LocalEmbeddingGenerator> Mini = new(() =>
        Make(options => (options.Model, options.Threads) = (LocalEmbeddingModel.MiniLM, 1))
    );

    public static LocalEmbeddingGenerator ArcticXs => Arctic.Value;

    public static LocalEmbeddingGenerator MiniLM => Mini.Value;

    public static LocalEmbeddingGenerator Make(Action<LocalEmbeddingOptions> configure)
    {
        var options = new LocalEmbeddingOptions();
        configure(options);
        return new LocalEmbeddingGenerator(Options.Create(options));
    }

    public static EmbeddingGenerationOptions AsQuery() =>
        new() { AdditionalProperties = new AdditionalPropertiesDictionary { [EmbeddingInput.PropertyName] = EmbeddingInput.Query } };

    public static async Task<float[][]> EmbedAsync(LocalEmbeddingGenerator generator, params string[] texts) =>
        [.. (await generator.GenerateAsync(texts)).Select(embedding => embedding.Vector.ToArray())];

    public static async Task<float[]> QueryAsync(LocalEmbeddingGenerator generator, string text) =>
        (await generator.GenerateAsync([text], AsQuery()))[0].Vector.ToArray();

    /// <summary>The cosine of two vectors of length 1.</summary>
    public static double Likeness(float[] left, float[] right) => left.Zip(right, (x, y) => (double)x * y).Sum();
}
