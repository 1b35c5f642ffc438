using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansMemory.Grains.Storage.Postgres.Embedded;

namespace OrleansMemory.Grains.Hosting;

/// <summary>The storage of our grains' states in this build: the embedded host's, where conversations are kept.</summary>
internal static class StateSetup
{
    /// <summary>Keeps states in PostgreSQL, unless the application has chosen a storage before.</summary>
    /// <param name="builder">The silo.</param>
    public static void UsePostgresStates(this ISiloBuilder builder)
    {
        if (GrainStates.MayBeChosen(builder))
        {
            builder.Services.AddKeyedSingleton<IGrainStorage, PostgresGrainStorage>(GrainStates.Storage);
        }
    }

    /// <summary>Keeps states in memory, unless a storage was chosen before. One that is chosen later takes its place.</summary>
    /// <param name="builder">The silo.</param>
    public static void UseForgetfulStates(this ISiloBuilder builder)
    {
        if (!GrainStates.AreStored(builder))
        {
            builder.AddMemoryGrainStorage(GrainStates.Storage).Services.AddSingleton<ForgetfulStates>();
        }
    }
}
