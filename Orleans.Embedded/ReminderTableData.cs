namespace Orleans;

/// <summary>Rows read from a reminder table.</summary>
[GenerateSerializer]
public sealed class ReminderTableData
{
    /// <summary>Several rows.</summary>
    /// <param name="list">The rows.</param>
    public ReminderTableData(IEnumerable<ReminderEntry> list) => Reminders = [.. list];

    /// <summary>One row.</summary>
    /// <param name="entry">The row.</param>
    public ReminderTableData(ReminderEntry entry) => Reminders = [entry];

    /// <summary>No rows.</summary>
    public ReminderTableData() => Reminders = [];

    /// <summary>The rows.</summary>
    [Id(0)]
    public IList<ReminderEntry> Reminders { get; private set; }

    /// <inheritdoc />
    public override string ToString() => $"[{Reminders.Count} reminders]";
}
