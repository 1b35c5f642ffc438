using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansMemory.LocalEmbeddings;

/// <summary>Turns local embeddings on.</summary>
public static class LocalEmbeddingServiceCollectionExtensions
{
    /// <summary>
    /// Makes <see cref="LocalEmbeddingGenerator"/> the application's <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c>, by
    /// which a silo of OrleansMemory finds memories by their meaning as well. Where another generator is registered already, that one stays
    /// and this one can be asked for by its own type. The model is loaded when the application starts. It may be called more than once.
    /// </summary>
    /// <param name="services">The services of the silo.</param>
    /// <param name="configure">Changes the options; <see langword="null"/> leaves them as they are.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <example>
    /// <code>
    /// builder.Services.AddLocalEmbeddings();
    /// builder.UseOrleans(silo =&gt; silo.AddOrleansMemory().UsePostgresStorage(store =&gt; store.ConnectionString = connectionString));
    /// </code>
    /// </example>
    public static IServiceCollection AddLocalEmbeddings(this IServiceCollection services, Action<LocalEmbeddingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<LocalEmbeddingOptions> options = services
            .AddOptions<LocalEmbeddingOptions>()
            .ValidateDataAnnotations()
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LocalEmbeddingOptions>, LocalEmbeddingOptionsValidator>());
        services.TryAddSingleton<LocalEmbeddingGenerator>();
        services.TryAddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(provider =>
            provider.GetRequiredService<LocalEmbeddingGenerator>()
        );
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LocalEmbeddingStart>());
        return services;
    }
}
