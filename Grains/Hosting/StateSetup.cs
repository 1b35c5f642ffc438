using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>The storage of our grains' states: the providers of Orleans.</summary>
internal static class StateSetup
{
    private const string Provider = GrainStates.Storage + ".provider";

    /// <summary>Keeps states in PostgreSQL, unless the application has chosen a storage before.</summary>
    /// <param name="builder">The silo.</param>
    public static void UsePostgresStates(this ISiloBuilder builder)
    {
        if (!GrainStates.MayBeChosen(builder))
        {
            return;
        }

        builder.Services.AddHostedService<ProviderPool>();
        builder.AddAdoNetGrainStorage(Provider, storage => storage.Configure<IOptions<PostgresStorageOptions>>((provider, store) =>
        {
            provider.Invariant = ProviderConnection.Invariant;
            provider.ConnectionString = ProviderConnection.Make(store.Value);
            provider.GrainStorageSerializer = new GrainStateSerializer();
        }));
        builder.Services.AddKeyedSingleton<IGrainStorage>(
            GrainStates.Storage, (services, _) => new TranslatedGrainStorage(
                services.GetRequiredKeyedService<IGrainStorage>(Provider), services.GetRequiredService<ILogger<TranslatedGrainStorage>>()));
    }

    /// <summary>Keeps states in memory, in that of one silo or another, unless a storage was chosen before. One that is chosen later takes its place.</summary>
    /// <param name="builder">The silo.</param>
    public static void UseForgetfulStates(this ISiloBuilder builder)
    {
        if (!GrainStates.AreStored(builder))
        {
            builder.AddMemoryGrainStorage(
                GrainStates.Storage, storage => storage.Configure(provider => provider.GrainStorageSerializer = new GrainStateSerializer()))
                .Services.AddSingleton<ForgetfulStates>();
        }
    }
}
