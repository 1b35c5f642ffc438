using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansMemory.Client.Json;

/// <summary>
/// Reads instants as the default formatters of languages write them: .NET ("O", with and without an offset), Java (<c>Instant.toString</c>,
/// <c>OffsetDateTime.toString</c>), Go
/// (RFC 3339 with up to nine digits), Python (<c>isoformat</c> and <c>str</c>, with a space), JavaScript (<c>toISOString</c>) and
/// PostgreSQL.
/// </summary>
/// <remarks>
/// What comes out is UTC. Digits behind the microseconds, which are what is kept, are cut. Without an offset the instant is UTC.
/// </remarks>
public static partial class Instants
{
    private const int KeptDigits = 6;
    private const int MostMinutes = (23 * 60) + 59;

    /// <summary>What an instant looks like, for errors.</summary>
    public const string Expected =
        "An instant such as 2026-01-31T12:00:00Z is expected here: RFC 3339, with up to nine digits of a second.";

    /// <summary>Reads an instant.</summary>
    /// <param name="text">The text.</param>
    /// <param name="instant">The instant, in UTC.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out DateTimeOffset instant)
    {
        instant = default;
        if (text is null || Form().Match(text) is not { Success: true } match)
        {
            return false;
        }

        int Number(string group) =>
            match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        (int year, int month, int day) = (Number("year"), Number("month"), Number("day"));
        (int hour, int minute, int second) = (Number("hour"), Number("minute"), Number("second"));
        int offset = (Number("offsetHour") * 60) + Number("offsetMinute");
        bool exists =
            year > 0
            && month is > 0 and <= 12
            && day > 0
            && day <= DateTime.DaysInMonth(year, month)
            && hour < 24
            && minute < 60
            && second < 60
            && Number("offsetMinute") < 60
            && offset <= MostMinutes;
        if (!exists)
        {
            return false;
        }

        long ticks =
            new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified).Ticks
            + (Microseconds(match.Groups["fraction"].ValueSpan) * TimeSpan.TicksPerMicrosecond)
            - (offset * TimeSpan.TicksPerMinute * (match.Groups["sign"].ValueSpan is "-" ? -1 : 1));
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        instant = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static long Microseconds(ReadOnlySpan<char> fraction)
    {
        long value = 0;
        for (int i = 0; i < KeptDigits; i++)
        {
            value = (value * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        }

        return value;
    }

    [GeneratedRegex(
        "^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})[Tt ](?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})(\\.(?<fraction>[0-9]{1,9}))?)?"
            + "([Zz]|(?<sign>[+-])(?<offsetHour>[0-9]{2})(:?(?<offsetMinute>[0-9]{2}))?)?\\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1_000
    )]
    private static partial Regex Form();
}
