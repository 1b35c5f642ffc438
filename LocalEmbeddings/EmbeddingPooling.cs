namespace OrleansMemory.LocalEmbeddings;

/// <summary>
/// How the vectors of a text's tokens become one. It is a property of the model: a wrong one gives poor vectors, not an error.
/// </summary>
public enum EmbeddingPooling
{
    /// <summary>The mean of all tokens, as in most models of sentence-transformers.</summary>
    Mean,

    /// <summary>The first token, as in Snowflake's arctic-embed and in bge.</summary>
    FirstToken,
}
