using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Grains.Usage;

/// <summary>How usage is counted, and for how long days and the audit trail are kept.</summary>
public sealed class UsageOptions
{
    /// <summary>
    /// How often a silo notes what its turns have added, 100 milliseconds to 1 minute. A figure, and what quotas go by, is at most this
    /// old.
    /// </summary>
    /// <value>Default: 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ErrorMessage = "UsageOptions.NoteInterval must be 100 milliseconds to 1 minute.")]
    public TimeSpan NoteInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after the end of a walk that counts everything anew the next one begins, 1 minute to 365 days.</summary>
    /// <value>Default: 7 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00", ErrorMessage = "UsageOptions.RecountInterval must be 1 minute to 365 days.")]
    public TimeSpan RecountInterval { get; set; } = TimeSpan.FromDays(7);

    /// <summary>For how long what was committed on a day stays known, 1 day to 10,000 days.</summary>
    /// <value>Default: 400 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "10000.00:00:00", ErrorMessage = "UsageOptions.DayRetention must be 1 day to 10,000 days.")]
    public TimeSpan DayRetention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>For how long rows of the audit trail are kept, 1 day to 10,000 days.</summary>
    /// <value>Default: 400 days.</value>
    [Range(typeof(TimeSpan), "1.00:00:00", "10000.00:00:00", ErrorMessage = "UsageOptions.AuditRetention must be 1 day to 10,000 days.")]
    public TimeSpan AuditRetention { get; set; } = TimeSpan.FromDays(400);
}
