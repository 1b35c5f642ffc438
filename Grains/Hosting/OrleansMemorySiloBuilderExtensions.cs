using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using OrleansMemory.Grains.Auditing;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Diagnostics.Logs;
using OrleansMemory.Grains.Expiry;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Grains.Users;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Adds conversations to a silo, and says where they are kept.</summary>
public static partial class OrleansMemorySiloBuilderExtensions
{
    /// <summary>
    /// Makes conversations available. A store must be chosen as well, before or after this call. Where no membership is chosen, the silo is
    /// a cluster of one on the loopback, which takes no external clients.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Changes limits and sizes; <see langword="null"/> keeps the defaults.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <example>
    /// <code>
    /// builder.UseOrleans(silo =&gt; silo
    ///     .AddOrleansMemory(conversations =&gt; conversations.MaxTurnMessages = 100)
    ///     .UsePostgresStorage(store =&gt; store.ConnectionString = connectionString));
    /// </code>
    /// </example>
    public static ISiloBuilder AddOrleansMemory(this ISiloBuilder builder, Action<ConversationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        RegistrationRequirement.Add(services);
        LocalhostDefault.Add(builder);
        OptionsBuilder<ConversationOptions> options = services
            .AddOptions<ConversationOptions>()
            .ValidateDataAnnotations()
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ConversationOptions>, ConversationOptionsValidator>());
        services.AddOptions<ExpiryOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ExpiryOptions>, ExpiryOptionsValidator>());
        services.TryAddSingleton<ExpiryThrottle>();
        services.TryAddSingleton(TimeProvider.System);

        // Whatever a call fails with reaches its caller, also where Orleans puts an error of another library inside its own, as it does
        // with Polly's: what cannot be written would hide that the call may be tried again.
        services.Configure<ExceptionSerializationOptions>(static errors => errors.SupportedExceptionTypeFilter = static _ => true);
        services.TryAddSingleton<SiloLease>();
        services.TryAddKeyedSingleton(MemoryClock.ServiceKey, (provider, _) => provider.GetRequiredService<TimeProvider>());
        services.TryAddSingleton<MemoryInstruments>();
        AddLogs(services);
        AddClocks(services);
        services.TryAddSingleton<IStoreProbe, StoreProbe>();
        SiloLoadReporter.Add(services);
        services.TryAddSingleton<TenantKeyDirectory>();
        services.TryAddSingleton<ITenantKeyDirectory>(provider => provider.GetRequiredService<TenantKeyDirectory>());
        services.TryAddSingleton<TenantPolicies>();
        services.TryAddSingleton<ITenantDirectory, TenantDirectory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IIncomingGrainCallFilter, BoundUserFilter>());
        builder.AddInMemoryStates();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StoreSweeper>());
        services.AddOptions<UsageOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<UsageMeters>();
        services.TryAddSingleton<MemoryQuota>();
        services.TryAddSingleton<AuditTrail>();
        services.TryAddSingleton<IUsageDirectory, UsageDirectory>();
        services.TryAddSingleton<IAuditLog, AuditLog>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, UsageSweeper>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ExpiryWheelStartup>());
        AddActivations(services);
        services.AddOptions<MemoryOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MemoryOptions>, MemoryOptionsValidator>());
        services.AddOptions<RecallWeights>().ValidateDataAnnotations().ValidateOnStart();
        services.AddExtraction();
        services.AddVectors();
        return builder;
    }

    /// <summary>
    /// Keeps conversations and tenant settings in PostgreSQL, and reminders too unless another reminder table was chosen. The schema is
    /// migrated before the silo starts.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets at least the connection string.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example>
    /// <code>
    /// builder.UseOrleans(silo =&gt; silo
    ///     .AddOrleansMemory()
    ///     .UsePostgresStorage(store =&gt; store.ConnectionString = connectionString));
    /// </code>
    /// </example>
    public static ISiloBuilder UsePostgresStorage(this ISiloBuilder builder, Action<PostgresStorageOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        IServiceCollection services = builder.Services;
        RegistrationRequirement.Add(services);
        ChosenStore.Record(services, ChosenStore.Postgres);
        services.AddOptions<PostgresStorageOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IPostConfigureOptions<PostgresStorageOptions>, PostgresStorageOptionsValidator>()
        );
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresStorageOptions>, PostgresStorageOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<PostgresStorageOptions>, ServerClockBound>());
        services.TryAddSingleton<PostgresStoreLifetime>();
        services.TryAddSingleton<IDatabaseClock, PostgresClock>();
        services.TryAddSingleton<ITenantKeyStore, PostgresTenantKeys>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, StartupSteps>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupStep, ProviderPoolStartup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupStep, PostgresStoreStartup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupStep, ClockStart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupStep, LastNote>());
        services.TryAddSingleton<IConversationStore>(provider => provider.GetRequiredService<PostgresStoreLifetime>().Store);
        services.TryAddSingleton<IFactStore>(provider => provider.GetRequiredService<PostgresStoreLifetime>().Facts);
        services.TryAddSingleton<IUsageStore>(provider => new PostgresUsageStore(
            provider.GetRequiredService<PostgresStoreLifetime>().Store
        ));
        services.TryAddSingleton<IAuditStore>(provider => new PostgresAuditStore(
            provider.GetRequiredService<PostgresStoreLifetime>().Store
        ));
        builder.UsePostgresReminders();
        builder.UsePostgresStates();
        return builder;
    }

    /// <summary>
    /// Keeps conversations, tenant settings and reminders in the memory of this silo, for development and tests: everything is lost when
    /// the process ends. The start fails when the cluster has another silo.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <example>
    /// <code>
    /// builder.UseOrleans(silo =&gt; silo.AddOrleansMemory().UseInMemoryStorage());
    /// </code>
    /// </example>
    public static ISiloBuilder UseInMemoryStorage(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(static _ => InMemoryStores.ForOneSilo());
        return builder.KeepInMemory();
    }

    /// <summary>
    /// Keeps conversations in stores that silos of this process share, for tests of clusters: everything is lost when the process ends.
    /// Tenant settings and reminders are in the memory of the cluster.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="shared">The stores; every silo of the cluster is given the same.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder UseInMemoryStorage(this ISiloBuilder builder, InMemoryStores shared)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(shared);
        builder.Services.Replace(ServiceDescriptor.Singleton(shared));
        return builder.KeepInMemory();
    }

    private static readonly TimeSpan NoTurnIsSoLong = TimeSpan.FromDays(1);

    private static void AddActivations(IServiceCollection services)
    {
        services.AddOptions<ActivationOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<GrainCollectionOptions>, IdleTimeSetup>());

        // Orleans' warning of a long turn names the grain, and with it the conversation or the user.
        services.Configure<SchedulingOptions>(static scheduling => scheduling.TurnWarningLengthThreshold = NoTurnIsSoLong);
    }

    private static void AddLogs(IServiceCollection services)
    {
        RedactingLoggerFactory.Add(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigurationValidator, RedactionCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, MemberWatch>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, InstrumentStart>());
    }

    private static void AddClocks(IServiceCollection services)
    {
        services.AddOptions<ClockOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<DatabaseTime>();
        services.TryAddSingleton<ClockCheck>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ClockWatch>());
    }

    private static ISiloBuilder KeepInMemory(this ISiloBuilder builder)
    {
        IServiceCollection services = builder.Services;
        RegistrationRequirement.Add(services);
        ChosenStore.Record(services, ChosenStore.InMemory);
        services.TryAddSingleton(provider => provider.GetRequiredService<InMemoryStores>().Facts);
        services.TryAddSingleton(provider =>
            provider.GetRequiredService<InMemoryStores>().Conversations(provider.GetRequiredService<ILogger<InMemoryConversationStore>>())
        );
        services.TryAddSingleton(provider =>
            provider.GetRequiredService<InMemoryStores>().Usage(provider.GetRequiredService<ILogger<InMemoryConversationStore>>())
        );
        services.TryAddSingleton(provider => provider.GetRequiredService<InMemoryStores>().Audit);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, OnlySilo>());
        builder.UseInMemoryReminders();
        builder.AddInMemoryStates();
        return builder;
    }
}
