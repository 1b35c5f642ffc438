using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Timers;

namespace Orleans.Runtime.ReminderService;

/// <summary>Checks what grains ask for and passes it to the service that ticks.</summary>
internal sealed class ReminderRegistry(LocalReminderService service, IOptions<ReminderOptions> options) : IReminderRegistry
{
    public Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        var shortest = options.Value.MinimumReminderPeriod;
        if (period < shortest)
        {
            throw new ArgumentException($"A reminder with the period {period} is refused; the shortest is {shortest}.", nameof(period));
        }

        return service.UpsertAsync(callingGrainId, reminderName, dueTime, period);
    }

    public Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder) =>
        reminder is ReminderData data && data.GrainId == callingGrainId
        ? service.RemoveAsync(data)
        : throw new ArgumentException("The reminder was not given out by this host for this grain.", nameof(reminder));

    public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
        return service.GetAsync(callingGrainId, reminderName);
    }

    public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) => service.GetAllAsync(callingGrainId);
}
