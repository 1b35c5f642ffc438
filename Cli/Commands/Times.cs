using System.Globalization;

namespace OrleansMemory.Cli.Commands;

/// <summary>How times are written for people: in UTC, to the second.</summary>
internal static class Times
{
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
