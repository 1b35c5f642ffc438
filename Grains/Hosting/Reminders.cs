using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Where reminders are kept: where conversations are. A table that the application has registered before stays, and one that it registers
/// later is used instead, since Orleans takes the last one.
/// </summary>
internal static class Reminders
{
    public static void UsePostgresReminders(this ISiloBuilder builder)
    {
        if (!HasTable(builder))
        {
            builder.UseAdoNetReminderService(reminders =>
                reminders.Configure<IOptions<PostgresStorageOptions>>(
                    (provider, store) =>
                    {
                        provider.Invariant = ProviderConnection.Invariant;
                        provider.ConnectionString = ProviderConnection.Make(store.Value);
                    }
                )
            );
            builder.Services.Decorate<IReminderTable>(
                static (provider, table) =>
                    new TranslatedReminderTable(table, provider.GetRequiredService<ILogger<TranslatedReminderTable>>())
            );
        }
    }

    public static void UseInMemoryReminders(this ISiloBuilder builder)
    {
        if (!HasTable(builder))
        {
            builder.UseInMemoryReminderService();
        }
    }

    private static bool HasTable(ISiloBuilder builder) => builder.Services.Any(service => service.ServiceType == typeof(IReminderTable));
}
