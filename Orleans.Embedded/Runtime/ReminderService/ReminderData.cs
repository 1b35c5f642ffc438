namespace Orleans.Runtime.ReminderService;

/// <summary>What a grain holds of a reminder of its own.</summary>
[Immutable]
internal sealed class ReminderData(GrainId grainId, string reminderName, string eTag) : IGrainReminder
{
    public GrainId GrainId { get; } = grainId;

    public string ReminderName { get; } = reminderName;

    public string ETag { get; } = eTag;

    internal static ReminderData Of(ReminderEntry entry) => new(entry.GrainId, entry.ReminderName, entry.ETag ?? string.Empty);
}
