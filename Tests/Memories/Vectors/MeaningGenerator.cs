using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.Memories.Vectors;

/// <summary>
/// A deterministic embedding generator: a bag of hashed words in which synonyms, words that no dictionary has, are one word. What a test
/// puts into <see cref="Before"/> happens first: it may wait, fail, or change the answer's dimensions.
/// </summary>
internal sealed class MeaningGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["kaninor"] = "dog",
        ["pupilor"] = "dog",
        ["automor"] = "car",
        ["vehikor"] = "car",
        ["physikor"] = "doctor",
        ["residor"] = "house",
    };

    private static readonly HashSet<string> Small = new(StringComparer.Ordinal) { "a", "an", "the", "is", "has", "my", "of", "to", "and" };

    private readonly EmbeddingGeneratorMetadata? _metadata;

    public MeaningGenerator(string model = "words", int dimensions = 64, bool saysDimensions = true, bool hasMetadata = true)
    {
        Dimensions = dimensions;
        _metadata = hasMetadata
            ? new EmbeddingGeneratorMetadata("tests", defaultModelId: model, defaultModelDimensions: saysDimensions ? dimensions : null)
            : null;
    }

    /// <summary>How many dimensions it answers with, whatever its metadata says.</summary>
    public int Dimensions { get; set; }

    /// <summary>What happens before an answer.</summary>
    public Func<string[], CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The texts of each call.</summary>
    public ConcurrentQueue<string[]> Calls { get; } = new();

    /// <summary>What each call said its texts are.</summary>
    public ConcurrentQueue<object?> Inputs { get; } = new();

    /// <summary>All texts, in the order of calls.</summary>
    public IEnumerable<string> Texts => Calls.SelectMany(texts => texts);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        string[] texts = [.. values];
        Calls.Enqueue(texts);
        Inputs.Enqueue(options?.AdditionalProperties?["orleans_memory.input"]);
        await Before(texts, cancellationToken);
        return [.. texts.Select(text => new Embedding<float>(VectorOf(text, options?.Dimensions ?? Dimensions)))];
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : null;

    public void Dispose() { }

    public static float[] VectorOf(string text, int dimensions)
    {
        float[] vector = new float[dimensions];

        // A text of small words alone points somewhere too.
        vector[0] = 0.01f;
        string lower = new([.. text.Select(character => char.IsLetterOrDigit(character) ? char.ToLowerInvariant(character) : ' ')]);
        foreach (string word in lower.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !Small.Contains(word)))
        {
            uint hash = 2166136261;
            foreach (char character in Synonyms.GetValueOrDefault(word, word))
            {
                hash = (hash ^ character) * 16777619;
            }

            vector[hash % (uint)dimensions] += (hash & 0x10000) == 0 ? 1 : -1;
        }

        return vector;
    }
}
