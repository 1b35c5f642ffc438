using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>
/// How memories are embedded and recalled by meaning. They are only where an <c>IEmbeddingGenerator&lt;string,
/// Embedding&lt;float&gt;&gt;</c> is registered on the silo. All silos of a cluster must have the same generator and the same options.
/// </summary>
public sealed class VectorOptions
{
    /// <summary>
    /// What the model is called, 1 to 200 characters. Vectors of another name are made anew: change it when the generator's vectors change
    /// and its metadata does not say so. <see langword="null"/> takes the generator's provider and model.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    [StringLength(200, MinimumLength = 1, ErrorMessage = "VectorOptions.Model must be 1 to 200 characters.")]
    public string? Model { get; set; }

    /// <summary>
    /// How many dimensions the generator is asked for, 1 to 16,384. <see langword="null"/> takes what it makes by itself: what its metadata
    /// says, or else what it answers to a word of the silo's own.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    [Range(1, 16_384, ErrorMessage = "VectorOptions.Dimensions must be 1 to 16384.")]
    public int? Dimensions { get; set; }

    /// <summary>
    /// How much of a memory is embedded, in characters, 100 to 1,000,000; the rest is found by its terms only. Stay below what the model
    /// takes.
    /// </summary>
    /// <value>Default: 8,000.</value>
    [Range(100, 1_000_000, ErrorMessage = "VectorOptions.MaxTextCharacters must be 100 to 1000000.")]
    public int MaxTextCharacters { get; set; } = 8_000;

    /// <summary>How many memories one call of the generator embeds at most, 1 to 2,048.</summary>
    /// <value>Default: 64.</value>
    [Range(1, 2_048, ErrorMessage = "VectorOptions.BatchSize must be 1 to 2048.")]
    public int BatchSize { get; set; } = 64;

    /// <summary>How many such calls a silo has under way at most, 1 to 64.</summary>
    /// <value>Default: 2.</value>
    [Range(1, 64, ErrorMessage = "VectorOptions.ConcurrentBatches must be 1 to 64.")]
    public int ConcurrentBatches { get; set; } = 2;

    /// <summary>How long one such call may take, 1 second to 10 minutes.</summary>
    /// <value>Default: 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "VectorOptions.BatchTimeout must be 1 second to 10 minutes.")]
    public TimeSpan BatchTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a failed call is made again before it is left to the next sweep, 0 to 10.</summary>
    /// <value>Default: 3.</value>
    [Range(0, 10, ErrorMessage = "VectorOptions.MaxRetries must be 0 to 10.")]
    public int MaxRetries { get; set; } = 3;

    /// <summary>
    /// The pause before the first repetition, 1 millisecond to 1 minute; each further one is twice as long, up to 1 minute.
    /// </summary>
    /// <value>Default: 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.0010000", "00:01:00", ErrorMessage = "VectorOptions.RetryDelay must be 1 ms to 1 minute.")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a silo looks for memories that are not embedded, 1 second to 1 day: after crashes, outages and a change of the model.
    /// </summary>
    /// <value>Default: 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "VectorOptions.SweepInterval must be 1 second to 1 day.")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many scopes one such look takes on at most, 1 to 10,000.</summary>
    /// <value>Default: 100.</value>
    [Range(1, 10_000, ErrorMessage = "VectorOptions.SweepScopes must be 1 to 10000.")]
    public int SweepScopes { get; set; } = 100;

    /// <summary>
    /// From how many held memories on a scope's vectors are searched by the database instead of the silo, 0 to 2,000,000; 0 is never. It is
    /// so only where the database has pgvector (the extension <c>vector</c>). It saves the silo the memory for the vectors and makes such
    /// recalls slower: see <c>docs/recall.md</c>.
    /// </summary>
    /// <value>Default: 50,000.</value>
    [Range(0, 2_000_000, ErrorMessage = "VectorOptions.DatabaseSearchFrom must be 0 to 2000000.")]
    public int DatabaseSearchFrom { get; set; } = 50_000;

    /// <summary>
    /// How long a recall waits for the vector of its question, and in a scope whose vectors the database searches as long again for that
    /// search: 1 millisecond to 10 seconds. After that it goes by terms alone.
    /// </summary>
    /// <value>Default: 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.0010000", "00:00:10", ErrorMessage = "VectorOptions.QueryTimeout must be 1 ms to 10 seconds.")]
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long recalls go by terms alone after the generator has failed or was too slow for one, 0 to 10 minutes; those of one scope,
    /// after the database could not search its vectors.
    /// </summary>
    /// <value>Default: 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "VectorOptions.QueryPause must be 0 to 10 minutes.")]
    public TimeSpan QueryPause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many vectors of questions a silo keeps, for questions that are asked again: 0 to 100,000.</summary>
    /// <value>Default: 500.</value>
    [Range(0, 100_000, ErrorMessage = "VectorOptions.QueryCacheSize must be 0 to 100000.")]
    public int QueryCacheSize { get; set; } = 500;

    /// <summary>How long it keeps one, 1 second to 1 day.</summary>
    /// <value>Default: 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "VectorOptions.QueryCacheTime must be 1 second to 1 day.")]
    public TimeSpan QueryCacheTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The least similarity (a cosine) of a memory that is recalled by meaning alone, -1 to 1. What is a good one depends on the model.
    /// </summary>
    /// <value>Default: 0.</value>
    [Range(-1.0, 1.0, ErrorMessage = "VectorOptions.MinSimilarity must be -1 to 1.")]
    public double MinSimilarity { get; set; }

    /// <summary>
    /// How many of the best by terms and of the best by meaning are looked at, 10 to 1,000; as many as are asked for, if that is more.
    /// </summary>
    /// <value>Default: 100.</value>
    [Range(10, 1_000, ErrorMessage = "VectorOptions.Candidates must be 10 to 1000.")]
    public int Candidates { get; set; } = 100;

    /// <summary>How much terms count, 0 to 100: the best memory by terms gets this, the others their share of it.</summary>
    /// <value>Default: 1.</value>
    [Range(0.0, 100.0, ErrorMessage = "VectorOptions.TermWeight must be 0 to 100.")]
    public double TermWeight { get; set; } = 1;

    /// <summary>
    /// How much meaning counts, 0 to 100: the most similar memory gets this, the least similar of the <see cref="Candidates"/> nothing, and
    /// the others what lies between.
    /// </summary>
    /// <value>Default: 0.2.</value>
    [Range(0.0, 100.0, ErrorMessage = "VectorOptions.MeaningWeight must be 0 to 100.")]
    public double MeaningWeight { get; set; } = 0.2;
}
