namespace OrleansMemory.Grains.Hosting;

/// <summary>Reminders in this build: whatever Orleans reminder provider the application has chosen.</summary>
internal static class ReminderSetup
{
    /// <summary>Leaves the choice to the application.</summary>
    /// <param name="builder">The silo.</param>
    public static void UsePostgresReminders(this ISiloBuilder builder) => ArgumentNullException.ThrowIfNull(builder);

    /// <summary>Leaves the choice to the application.</summary>
    /// <param name="builder">The silo.</param>
    public static void UseForgetfulReminders(this ISiloBuilder builder) => ArgumentNullException.ThrowIfNull(builder);
}
