namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Reminders in this build: the Orleans reminder provider that the application has chosen. Where it has chosen none yet, Orleans' own in memory: every silo that
/// starts sees to the reminders it needs, and a provider that is chosen later takes its place.
/// </summary>
internal static class ReminderSetup
{
    /// <summary>Sees to it that there are reminders.</summary>
    /// <param name="builder">The silo.</param>
    public static void UsePostgresReminders(this ISiloBuilder builder) => builder.UseForgetfulReminders();

    /// <summary>Sees to it that there are reminders.</summary>
    /// <param name="builder">The silo.</param>
    public static void UseForgetfulReminders(this ISiloBuilder builder)
    {
        if (!builder.Services.Any(service => service.ServiceType == typeof(IReminderTable)))
        {
            builder.UseInMemoryReminderService();
        }
    }
}
