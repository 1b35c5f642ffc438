using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansMemory.Grains.Storage.Postgres.Embedded;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Reminders in this build: the embedded host's, kept where conversations are kept.</summary>
internal static class ReminderSetup
{
    /// <summary>Keeps reminders in PostgreSQL, unless a table was chosen before.</summary>
    /// <param name="builder">The silo.</param>
    public static void UsePostgresReminders(this ISiloBuilder builder) =>
        builder.AddReminders().Services.TryAddSingleton<IReminderTable, PostgresReminderTable>();

    /// <summary>Keeps reminders in memory, unless a table was chosen before.</summary>
    /// <param name="builder">The silo.</param>
    public static void UseForgetfulReminders(this ISiloBuilder builder) => builder.UseInMemoryReminderService();
}
