using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.LocalEmbeddings;

/// <summary>
/// Which model embeds, and what it may take. All silos of a cluster must have the same options, but for <see cref="BatchTokens"/> and
/// <see cref="Threads"/>.
/// </summary>
public sealed class LocalEmbeddingOptions
{
    /// <summary>The model.</summary>
    /// <value>Default: <see cref="LocalEmbeddingModel.ArcticXs"/>.</value>
    [EnumDataType(typeof(LocalEmbeddingModel), ErrorMessage = "LocalEmbeddingOptions.Model must be ArcticXs, MiniLM or File.")]
    public LocalEmbeddingModel Model { get; set; } = LocalEmbeddingModel.ArcticXs;

    /// <summary>
    /// With <see cref="LocalEmbeddingModel.File"/>: the model in the ONNX format. It takes <c>input_ids</c>, <c>attention_mask</c> and, if
    /// it wants, <c>token_type_ids</c>, and gives a vector for each token. <see langword="null"/> with the other models.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? ModelPath { get; set; }

    /// <summary>
    /// With <see cref="LocalEmbeddingModel.File"/>: the model's vocabulary, the <c>vocab.txt</c> of BERT with one piece of a word a line.
    /// <see langword="null"/> with the other models.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? VocabularyPath { get; set; }

    /// <summary>
    /// With <see cref="LocalEmbeddingModel.File"/>: how the vectors of tokens become one. Other models have their own, and refuse to have
    /// it changed.
    /// </summary>
    /// <value>Default: <see langword="null"/>, which is <see cref="EmbeddingPooling.Mean"/>.</value>
    [EnumDataType(typeof(EmbeddingPooling), ErrorMessage = "LocalEmbeddingOptions.Pooling must be Mean or FirstToken.")]
    public EmbeddingPooling? Pooling { get; set; }

    /// <summary>
    /// With <see cref="LocalEmbeddingModel.File"/>: whether the model knows small letters without accents only ("uncased"). The other
    /// models do.
    /// </summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool LowerCase { get; set; } = true;

    /// <summary>
    /// What is put before a question, up to 500 characters; empty for nothing. <see langword="null"/> is what the model was trained with:
    /// <c>"Represent this sentence for searching relevant passages: "</c> for <see cref="LocalEmbeddingModel.ArcticXs"/>, nothing for the
    /// others. A question is told from other texts by <see cref="Memories.EmbeddingInput"/>.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    [StringLength(500, ErrorMessage = "LocalEmbeddingOptions.QueryPrefix must be up to 500 characters.")]
    public string? QueryPrefix { get; set; }

    /// <summary>
    /// What is put before every other text, up to 500 characters; empty for nothing. <see langword="null"/> is what the model was trained
    /// with: nothing for the two that are known.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    [StringLength(500, ErrorMessage = "LocalEmbeddingOptions.DocumentPrefix must be up to 500 characters.")]
    public string? DocumentPrefix { get; set; }

    /// <summary>
    /// How many tokens of a text are looked at, 8 to 8,192 and at most what the model takes (512 for the two that are known); what comes
    /// after does not count. A token is a short word or a part of one: 512 are about 2,000 characters of English. <see langword="null"/> is
    /// 512, and 256 for <see cref="LocalEmbeddingModel.MiniLM"/>.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    [Range(8, 8_192, ErrorMessage = "LocalEmbeddingOptions.MaxTokens must be 8 to 8192.")]
    public int? MaxTokens { get; set; }

    /// <summary>
    /// How many tokens the texts have that are computed together, 8 to 65,536; a longer text is computed alone. More do not make it faster
    /// on one thread, and take memory: about 70 kB a token where texts are long. It says also how long a call that is cancelled may go on:
    /// 512 tokens take 0.1 to 0.2 s of a processor.
    /// </summary>
    /// <value>Default: 512.</value>
    [Range(8, 65_536, ErrorMessage = "LocalEmbeddingOptions.BatchTokens must be 8 to 65536.")]
    public int BatchTokens { get; set; } = 512;

    /// <summary>
    /// How many processors compute memories at the same time, 1 to 64. A question does not wait for them: it is computed at once.
    /// <see langword="null"/> is half of the processors, 1 to 4.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    [Range(1, 64, ErrorMessage = "LocalEmbeddingOptions.Threads must be 1 to 64.")]
    public int? Threads { get; set; }
}
