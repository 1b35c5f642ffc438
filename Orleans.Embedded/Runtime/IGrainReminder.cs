namespace Orleans.Runtime;

/// <summary>A reminder of a grain: it outlives the activation and, with a durable table, the process.</summary>
public interface IGrainReminder
{
    /// <summary>Its name, unique within the grain.</summary>
    string ReminderName { get; }
}

/// <summary>The times of a reminder when it ticks. All are UTC.</summary>
[GenerateSerializer, Immutable]
public readonly struct TickStatus
{
    /// <summary>The times of a tick.</summary>
    /// <param name="firstTickTime">When the reminder was first due.</param>
    /// <param name="period">Time between ticks.</param>
    /// <param name="timeStamp">When this tick was sent.</param>
    public TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        FirstTickTime = firstTickTime;
        Period = period;
        CurrentTickTime = timeStamp;
    }

    /// <summary>When the reminder was first due.</summary>
    [Id(0)]
    public DateTime FirstTickTime { get; }

    /// <summary>Time between ticks.</summary>
    [Id(1)]
    public TimeSpan Period { get; }

    /// <summary>When this tick was sent.</summary>
    [Id(2)]
    public DateTime CurrentTickTime { get; }

    /// <inheritdoc />
    public override string ToString() => $"<{FirstTickTime:O}, {Period}, {CurrentTickTime:O}>";
}

/// <summary>A reminder could not be changed as asked.</summary>
/// <param name="message">What happened.</param>
[GenerateSerializer]
public sealed class ReminderException(string message) : OrleansException(message);
