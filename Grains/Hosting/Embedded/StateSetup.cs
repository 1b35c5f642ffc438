using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Storage;
using OrleansMemory.Grains.Storage.Postgres.Embedded;

namespace OrleansMemory.Grains.Hosting;

/// <summary>The storage of our grains' states in this build: the embedded host's, where conversations are kept.</summary>
internal static class StateSetup
{
    /// <summary>Keeps states in PostgreSQL, unless a storage was chosen before.</summary>
    /// <param name="builder">The silo.</param>
    public static void UsePostgresStates(this ISiloBuilder builder) =>
        builder.Services.TryAddKeyedSingleton<IGrainStorage, PostgresGrainStorage>(GrainStates.Storage);

    /// <summary>Keeps states in memory, unless a storage was chosen before.</summary>
    /// <param name="builder">The silo.</param>
    public static void UseForgetfulStates(this ISiloBuilder builder)
    {
        if (!builder.Services.Any(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, GrainStates.Storage)))
        {
            builder.AddMemoryGrainStorage(GrainStates.Storage);
        }
    }
}
