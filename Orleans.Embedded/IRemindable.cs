using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain that receives reminders.</summary>
public interface IRemindable : IGrain
{
    /// <summary>Called at each tick of a reminder; the grain is activated for it when it is not in memory.</summary>
    /// <param name="reminderName">Which reminder.</param>
    /// <param name="status">The times of the reminder and of this tick.</param>
    Task ReceiveReminder(string reminderName, TickStatus status);
}
