using Orleans.Runtime;

namespace Orleans;

/// <summary>Where reminders are kept. One row per grain and reminder name.</summary>
/// <remarks>
/// A row is changed as a whole, and each change gives it a new ETag. Rows read are the caller's own: changing them changes nothing here.
/// Whether rows outlive the process is the table's choice.
/// </remarks>
public interface IReminderTable
{
    /// <summary>Makes the table ready; called once before anything else.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task StartAsync(CancellationToken cancellationToken = default)
#pragma warning disable CS0618 // The older name, for tables that still implement it.
        => Init();
#pragma warning restore CS0618

    /// <summary>The older name of <see cref="StartAsync"/>.</summary>
    [Obsolete("Implement and call StartAsync.")]
    Task Init() => Task.CompletedTask;

    /// <summary>Reads all reminders of one grain.</summary>
    /// <param name="grainId">The grain.</param>
    Task<ReminderTableData> ReadRows(GrainId grainId);

    /// <summary>Reads the reminders of all grains whose <see cref="GrainId.GetUniformHashCode"/> lies in a range of the ring.</summary>
    /// <param name="begin">Start of the range, not part of it.</param>
    /// <param name="end">End of the range, part of it. Not more than <paramref name="begin"/>: the range goes over zero; equal: it is
    /// everything.</param>
    Task<ReminderTableData> ReadRows(uint begin, uint end);

    /// <summary>Reads one reminder; null when there is none.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="reminderName">The name.</param>
    Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName);

    /// <summary>Adds a row or replaces it, whatever its ETag.</summary>
    /// <param name="entry">The row; its ETag is not used.</param>
    /// <returns>The new ETag.</returns>
    Task<string?> UpsertRow(ReminderEntry entry);

    /// <summary>Removes a row if it has the ETag given.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="reminderName">The name.</param>
    /// <param name="eTag">The ETag it must have.</param>
    /// <returns>Whether it was removed.</returns>
    Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag);

    /// <summary>Removes all rows; for tests.</summary>
    Task TestOnlyClearTable();

    /// <summary>Ends the use of the table.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
