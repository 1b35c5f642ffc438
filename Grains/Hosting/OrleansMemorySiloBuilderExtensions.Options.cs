using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Expiry;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Usage;

namespace OrleansMemory.Grains.Hosting;

public static partial class OrleansMemorySiloBuilderExtensions
{
    /// <summary>Changes how long conversations that are not used stay in memory.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureActivations(this ISiloBuilder builder, Action<ActivationOptions> configure) =>
        Set(builder, configure);

    /// <summary>Changes limits and sizes of long-term memories.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureMemories(this ISiloBuilder builder, Action<MemoryOptions> configure) => Set(builder, configure);

    /// <summary>Changes how much each sign counts when memories are looked for by their words.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the weights.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureRecall(this ISiloBuilder builder, Action<RecallWeights> configure) => Set(builder, configure);

    /// <summary>Changes how what is expired is removed.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureExpiry(this ISiloBuilder builder, Action<ExpiryOptions> configure) => Set(builder, configure);

    /// <summary>Changes how the silo's clock is compared with that of PostgreSQL.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureClocks(this ISiloBuilder builder, Action<ClockOptions> configure) => Set(builder, configure);

    /// <summary>
    /// Changes how memories are embedded and recalled by meaning. They are as soon as an <c>IEmbeddingGenerator&lt;string,
    /// Embedding&lt;float&gt;&gt;</c> is registered with the silo's services.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureVectors(this ISiloBuilder builder, Action<VectorOptions> configure) => Set(builder, configure);

    /// <summary>
    /// Changes how facts are distilled from recorded turns. They are distilled wherever an <c>IChatClient</c> is registered.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureExtraction(this ISiloBuilder builder, Action<ExtractionOptions> configure) =>
        Set(builder, configure);

    /// <summary>Sets how usage is counted, and for how long days and the audit trail are kept.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureUsage(this ISiloBuilder builder, Action<UsageOptions> configure) => Set(builder, configure);

    private static ISiloBuilder Set<TOptions>(ISiloBuilder builder, Action<TOptions> configure)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder;
    }
}
