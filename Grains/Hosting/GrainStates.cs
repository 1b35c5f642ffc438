using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// The storage of our grains' states, under one name. It is in memory until <c>UsePostgresStorage</c> is called; a storage that the
/// application registers under that name is used instead, whether it is registered before or after.
/// </summary>
internal static class GrainStates
{
    private const string InMemoryProvider = GrainStateStorage.Name + ".memory";
    private const string PostgresProvider = GrainStateStorage.Name + ".postgres";

    // The descriptor is recognised by this delegate: a store that is chosen later takes its place, a storage of the application stays.
    private static readonly Func<IServiceProvider, object?, object> InMemory = static (services, _) =>
        services.GetRequiredKeyedService<IGrainStorage>(InMemoryProvider);

    private static readonly Func<IServiceProvider, object?, object> InPostgres = static (services, _) =>
        new TranslatedGrainStorage(
            services.GetRequiredKeyedService<IGrainStorage>(PostgresProvider),
            services.GetRequiredService<ILogger<TranslatedGrainStorage>>()
        );

    /// <summary>Keeps states in memory, unless another storage was chosen.</summary>
    public static void AddInMemoryStates(this ISiloBuilder builder)
    {
        if (Find(builder.Services) is null)
        {
            builder.AddMemoryGrainStorage(
                InMemoryProvider,
                storage => storage.Configure(provider => provider.GrainStorageSerializer = new GrainStateSerializer())
            );
            builder.Services.Add(ServiceDescriptor.KeyedSingleton(typeof(IGrainStorage), GrainStateStorage.Name, InMemory));
        }
    }

    /// <summary>Keeps states in PostgreSQL, unless the application has chosen a storage.</summary>
    public static void UsePostgresStates(this ISiloBuilder builder)
    {
        ServiceDescriptor? chosen = Find(builder.Services);
        if (chosen is not null && !ReferenceEquals(chosen.KeyedImplementationFactory, InMemory))
        {
            return;
        }

        if (chosen is not null)
        {
            builder.Services.Remove(chosen);
        }

        builder.AddAdoNetGrainStorage(
            PostgresProvider,
            storage =>
                storage.Configure<IOptions<PostgresStorageOptions>>(
                    (provider, store) =>
                    {
                        provider.Invariant = ProviderConnection.Invariant;
                        provider.ConnectionString = ProviderConnection.Make(store.Value);
                        provider.GrainStorageSerializer = new GrainStateSerializer();
                    }
                )
        );
        builder.Services.Add(ServiceDescriptor.KeyedSingleton(typeof(IGrainStorage), GrainStateStorage.Name, InPostgres));
    }

    private static ServiceDescriptor? Find(IServiceCollection services) =>
        services.FirstOrDefault(service =>
            service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, GrainStateStorage.Name)
        );
}
