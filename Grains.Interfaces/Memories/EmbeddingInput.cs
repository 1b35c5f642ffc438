namespace OrleansMemory.Memories;

/// <summary>
/// What a silo tells its <c>IEmbeddingGenerator</c> about the texts of a call, for models that embed a question otherwise than what is
/// searched (most do, by a prefix): a property among <c>EmbeddingGenerationOptions.AdditionalProperties</c>. A generator that does not know
/// it may leave it.
/// </summary>
/// <example>
/// <code>
/// bool isQuery =
///     options?.AdditionalProperties?.TryGetValue(EmbeddingInput.PropertyName, out string? input) == true
///     &amp;&amp; input == EmbeddingInput.Query;
/// </code>
/// </example>
public static class EmbeddingInput
{
    /// <summary>
    /// The name of the property, <c>orleans_memory.input</c>. Its value is <see cref="Query"/> or <see cref="Document"/>, a string.
    /// </summary>
    public const string PropertyName = "orleans_memory.input";

    /// <summary>The value <c>query</c>: the texts are questions, for which something is searched.</summary>
    public const string Query = "query";

    /// <summary>The value <c>document</c>: the texts are memories, which are searched.</summary>
    public const string Document = "document";
}
