using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Expiry;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Tenants;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Adds conversations to a silo, and says where they are kept.</summary>
public static class OrleansMemorySiloBuilderExtensions
{
    /// <summary>Makes conversations available. A store must be chosen as well.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes limits and sizes; <see langword="null"/> keeps the defaults.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static ISiloBuilder AddOrleansMemory(this ISiloBuilder builder, Action<ConversationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        OptionsBuilder<ConversationOptions> options = services.AddOptions<ConversationOptions>().ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ConversationOptions>, ConversationOptionsValidator>());
        services.AddOptions<ExpiryOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ExpiryOptions>, ExpiryOptionsValidator>());
        services.TryAddSingleton<ExpiryThrottle>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(MemoryClock.ServiceKey, (provider, _) => provider.GetRequiredService<TimeProvider>());
        services.TryAddSingleton<MemoryInstruments>();
        services.TryAddSingleton<IStoreProbe, StoreProbe>();
        services.TryAddSingleton<TenantDirectory>();
        services.TryAddSingleton<ITenantDirectory>(provider => provider.GetRequiredService<TenantDirectory>());
        builder.UseForgetfulStates();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StoreRequirement>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StoreSweeper>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ExpiryWheelStartup>());
        services.AddOptions<MemoryOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MemoryOptions>, MemoryOptionsValidator>());
        services.AddOptions<RecallWeights>().ValidateDataAnnotations().ValidateOnStart();
        services.AddExtraction();
        services.AddVectors();
        return builder;
    }

    /// <summary>Changes limits and sizes of long-term memories.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureMemories(this ISiloBuilder builder, Action<MemoryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Changes how much each sign counts when memories are looked for by their words.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the weights.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureRecall(this ISiloBuilder builder, Action<RecallWeights> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Changes how what is expired is removed.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureExpiry(this ISiloBuilder builder, Action<ExpiryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>
    /// Changes how memories are embedded and recalled by meaning. They are as soon as an <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c> is registered
    /// with the silo's services.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureVectors(this ISiloBuilder builder, Action<VectorOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Changes how facts are distilled from recorded turns. They are distilled wherever an <c>IChatClient</c> is registered.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder ConfigureExtraction(this ISiloBuilder builder, Action<ExtractionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>
    /// Keeps conversations in PostgreSQL, and in the embedded host reminders too unless a reminder table was chosen before. The schema is migrated before the
    /// silo starts.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets at least the connection string.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder UsePostgresStorage(this ISiloBuilder builder, Action<PostgresStorageOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        IServiceCollection services = builder.Services;
        services.AddOptions<PostgresStorageOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<PostgresStorageOptions>, PostgresStorageOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresStorageOptions>, PostgresStorageOptionsValidator>());
        services.TryAddSingleton<PostgresStoreLifetime>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PostgresStoreStartup>());
        services.TryAddSingleton<IConversationStore>(provider => provider.GetRequiredService<PostgresStoreLifetime>().Store);
        services.TryAddSingleton<IFactStore>(provider => provider.GetRequiredService<PostgresStoreLifetime>().Facts);
        builder.UsePostgresReminders();
        builder.UsePostgresStates();
        return builder;
    }

    /// <summary>
    /// Keeps conversations in memory, and in the embedded host reminders too, for development and tests: everything is lost when the process ends.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static ISiloBuilder UseInMemoryStorage(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<InMemoryFactStore>();
        builder.Services.TryAddSingleton<IFactStore>(provider => provider.GetRequiredService<InMemoryFactStore>());
        builder.Services.TryAddSingleton<IConversationStore, InMemoryConversationStore>();
        builder.UseForgetfulReminders();
        return builder;
    }
}
