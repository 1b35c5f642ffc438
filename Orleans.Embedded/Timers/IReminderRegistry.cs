using Orleans.Runtime;

namespace Orleans.Timers;

/// <summary>Registers and looks up reminders; grains use the methods of <see cref="GrainReminderExtensions"/> instead.</summary>
public interface IReminderRegistry
{
    /// <summary>Adds a reminder, or gives the one of that name new times.</summary>
    /// <param name="callingGrainId">The grain.</param>
    /// <param name="reminderName">The name, unique within the grain.</param>
    /// <param name="dueTime">Time to the first tick; not negative.</param>
    /// <param name="period">Time between ticks; at least <see cref="Orleans.Hosting.ReminderOptions.MinimumReminderPeriod"/>.</param>
    /// <exception cref="ArgumentException">A time or the name is not allowed.</exception>
    Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period);

    /// <summary>Removes a reminder.</summary>
    /// <param name="callingGrainId">The grain.</param>
    /// <param name="reminder">The reminder as registered or looked up.</param>
    /// <exception cref="ReminderException">It was changed or removed meanwhile.</exception>
    Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder);

    /// <summary>Looks a reminder up; null when there is none.</summary>
    /// <param name="callingGrainId">The grain.</param>
    /// <param name="reminderName">The name.</param>
    Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName);

    /// <summary>Looks all reminders of a grain up.</summary>
    /// <param name="callingGrainId">The grain.</param>
    Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId);
}
