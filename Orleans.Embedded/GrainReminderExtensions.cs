using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans;

/// <summary>The reminders of a grain.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Adds a reminder, or gives the one of that name new times.</summary>
    /// <param name="grain">The grain; it must be <see cref="IRemindable"/>.</param>
    /// <param name="reminderName">The name, unique within the grain.</param>
    /// <param name="dueTime">Time to the first tick; not negative.</param>
    /// <param name="period">Time between ticks; at least <see cref="Orleans.Hosting.ReminderOptions.MinimumReminderPeriod"/>.</param>
    /// <returns>The reminder.</returns>
    /// <exception cref="InvalidOperationException">The grain is not <see cref="IRemindable"/>, or the host has no reminders.</exception>
    /// <exception cref="ArgumentException">A time or the name is not allowed.</exception>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        ((IGrainBase)grain).RegisterOrUpdateReminder(reminderName, dueTime, period);

    /// <inheritdoc cref="RegisterOrUpdateReminder(Grain, string, TimeSpan, TimeSpan)" />
    public static Task<IGrainReminder> RegisterOrUpdateReminder(
        this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        var context = ContextOf(grain);
        ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
        if (grain is not IRemindable)
        {
            throw new InvalidOperationException($"{grain.GetType()} cannot have reminders: it does not implement {nameof(IRemindable)}.");
        }

        return Registry(context).RegisterOrUpdateReminder(context.GrainId, reminderName, dueTime, period);
    }

    /// <summary>Removes a reminder.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="reminder">The reminder as registered or looked up.</param>
    /// <exception cref="ReminderException">It was changed or removed meanwhile.</exception>
    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder) => ((IGrainBase)grain).UnregisterReminder(reminder);

    /// <inheritdoc cref="UnregisterReminder(Grain, IGrainReminder)" />
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder)
    {
        var context = ContextOf(grain);
        return Registry(context).UnregisterReminder(context.GrainId, reminder);
    }

    /// <summary>Looks a reminder of the grain up.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="reminderName">The name.</param>
    /// <returns>The reminder, or null when there is none.</returns>
    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) => ((IGrainBase)grain).GetReminder(reminderName);

    /// <inheritdoc cref="GetReminder(Grain, string)" />
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName)
    {
        var context = ContextOf(grain);
        ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
        return Registry(context).GetReminder(context.GrainId, reminderName);
    }

    /// <summary>Looks all reminders of the grain up.</summary>
    /// <param name="grain">The grain.</param>
    public static Task<List<IGrainReminder>> GetReminders(this Grain grain) => ((IGrainBase)grain).GetReminders();

    /// <inheritdoc cref="GetReminders(Grain)" />
    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain)
    {
        var context = ContextOf(grain);
        return Registry(context).GetReminders(context.GrainId);
    }

    private static IGrainContext ContextOf(IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain.GrainContext;
    }

    private static IReminderRegistry Registry(IGrainContext context) =>
        context.ActivationServices.GetService<IReminderRegistry>()
        ?? throw new InvalidOperationException(
            "The host has no reminders. Call UseInMemoryReminderService() or AddReminders() on the silo builder.");
}
