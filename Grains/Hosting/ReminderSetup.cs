using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Reminders: those of Orleans. A provider that the application has chosen before stays; one that is chosen later takes our place.
/// </summary>
internal static class ReminderSetup
{
    /// <summary>Keeps reminders in PostgreSQL, unless a table was chosen before.</summary>
    /// <param name="builder">The silo.</param>
    public static void UsePostgresReminders(this ISiloBuilder builder)
    {
        if (!HasTable(builder))
        {
            builder.UseAdoNetReminderService(reminders => reminders.Configure<IOptions<PostgresStorageOptions>>((provider, store) =>
            {
                provider.Invariant = ProviderConnection.Invariant;
                provider.ConnectionString = ProviderConnection.Make(store.Value);
            }));
        }
    }

    /// <summary>Keeps reminders in memory, unless a table was chosen before.</summary>
    /// <param name="builder">The silo.</param>
    public static void UseForgetfulReminders(this ISiloBuilder builder)
    {
        if (!HasTable(builder))
        {
            builder.UseInMemoryReminderService();
        }
    }

    private static bool HasTable(ISiloBuilder builder) => builder.Services.Any(service => service.ServiceType == typeof(IReminderTable));
}
