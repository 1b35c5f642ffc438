using System.Globalization;

namespace Orleans;

/// <summary>Sets how long a caller of one grain method waits for the answer, in place of the host's general time-out.</summary>
/// <param name="timeout">The time, as <see cref="TimeSpan.Parse(string, IFormatProvider)"/> reads it in the invariant culture, for
/// example <c>00:00:05</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    /// <summary>How long the caller waits.</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture);
}
