using System.Globalization;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>Instants as languages write them by default.</summary>
public sealed class InstantsTests
{
    private const int Samples = 2_000;

    [Theory]
    [InlineData("2026-01-31T12:00:00.1234567+00:00", "2026-01-31T12:00:00.123456Z")]
    [InlineData("2026-01-31T12:00:00.1234567Z", "2026-01-31T12:00:00.123456Z")]
    [InlineData("2026-01-31T12:00:00.1234567", "2026-01-31T12:00:00.123456Z")]
    [InlineData("2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123456Z")]
    [InlineData("2026-01-31T12:00:00.999999999Z", "2026-01-31T12:00:00.999999Z")]
    [InlineData("2026-01-31T12:00:00.123Z", "2026-01-31T12:00:00.123000Z")]
    [InlineData("2026-01-31T12:00:00.5+05:30", "2026-01-31T06:30:00.500000Z")]
    [InlineData("2026-01-31T12:00Z", "2026-01-31T12:00:00.000000Z")]
    [InlineData("2026-01-31 12:00:00.123456+00:00", "2026-01-31T12:00:00.123456Z")]
    [InlineData("2026-01-31 12:00:00+00", "2026-01-31T12:00:00.000000Z")]
    [InlineData("2026-01-31T23:30:00-02:00", "2026-02-01T01:30:00.000000Z")]
    [InlineData("2026-01-31T12:00:00-0330", "2026-01-31T15:30:00.000000Z")]
    [InlineData("2024-02-29t00:00:00z", "2024-02-29T00:00:00.000000Z")]
    public void Default_forms_are_read_cut_and_made_utc(string text, string expected)
    {
        Assert.True(Instants.TryParse(text, out DateTimeOffset instant));
        Assert.Equal(expected, instant.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        Assert.Equal(TimeSpan.Zero, instant.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("2026-01-31")]
    [InlineData("1769860800")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-01-31T24:00:00Z")]
    [InlineData("2026-01-31T12:60:00Z")]
    [InlineData("2026-01-31T12:00:60Z")]
    [InlineData("2026-01-31T12:00:00.Z")]
    [InlineData("2026-01-31T12:00:00.1234567890Z")]
    [InlineData("2026-01-31T12:00:00+24:00")]
    [InlineData("2026-01-31T12:00:00+02:60")]
    [InlineData("2026-01-31T12:00:00Z[Europe/Paris]")]
    [InlineData("2026-01-31T12:00:00Z\n")]
    [InlineData(" 2026-01-31T12:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("01/31/2026 12:00:00")]
    [InlineData("Sat, 31 Jan 2026 12:00:00 GMT")]
    [InlineData("٢٠٢٦-01-31T12:00:00Z")]
    public void Nonsense_is_refused_by_its_path(string text)
    {
        Assert.False(Instants.TryParse(text, out _));
        JsonElement json = JsonSerializer.SerializeToElement(new { createdAt = text });

        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() =>
            StrictObject.Read(json, "messages[3]", "createdAt").Instant("createdAt")
        );

        Assert.Equal("messages[3].createdAt", refusal.Parameter);
        Assert.Contains("2026-01-31T12:00:00Z", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_formatter_writes_comes_back_as_the_instant_in_microseconds()
    {
        var random = new Random(20260131);
        for (int i = 0; i < Samples; i++)
        {
            var offset = TimeSpan.FromMinutes(random.Next(-14 * 60, (14 * 60) + 1));
            var given = new DateTimeOffset(
                random.NextInt64(DateTime.MinValue.AddDays(2).Ticks, DateTime.MaxValue.AddDays(-2).Ticks),
                TimeSpan.Zero
            );
            if (random.Next(3) == 0)
            {
                given = new DateTimeOffset(given.Ticks - (given.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
            }

            foreach (string text in Forms(given, given.ToOffset(offset), random))
            {
                Assert.True(Instants.TryParse(text, out DateTimeOffset read), text);
                bool milliseconds = text.Length == "2026-01-31T12:00:00.000Z".Length && text[^5] == '.';
                long cut = milliseconds ? TimeSpan.TicksPerMillisecond : TimeSpan.TicksPerMicrosecond;
                Assert.True(given.Ticks - (given.Ticks % cut) == read.Ticks, text);
            }
        }
    }

    private static IEnumerable<string> Forms(DateTimeOffset utc, DateTimeOffset local, Random random)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        string nanoseconds = utc.ToString("fffffff", invariant) + random.Next(100).ToString("00", invariant);
        string second = utc.ToString("yyyy-MM-dd'T'HH:mm:ss", invariant);
        string trimmed = nanoseconds.TrimEnd('0');

        // .NET: DateTimeOffset and DateTime, of both kinds.
        yield return local.ToString("O", invariant);
        yield return utc.UtcDateTime.ToString("O", invariant);
        yield return DateTime.SpecifyKind(utc.DateTime, DateTimeKind.Unspecified).ToString("O", invariant);

        // Java: none, three, six or nine digits.
        yield return second + (trimmed.Length == 0 ? "" : "." + nanoseconds[..((trimmed.Length + 2) / 3 * 3)]) + "Z";

        // Go: trailing zeros are cut.
        string zone = local.Offset == TimeSpan.Zero ? "Z" : local.ToString("zzz", invariant);
        yield return local.ToString("yyyy-MM-dd'T'HH:mm:ss", invariant) + (trimmed.Length == 0 ? "" : "." + trimmed) + zone;

        // Python: isoformat and str, with six digits or none.
        string six = utc.ToString("ffffff", invariant);
        string python =
            local.ToString("yyyy-MM-dd'T'HH:mm:ss", invariant) + (six == "000000" ? "" : "." + six) + local.ToString("zzz", invariant);
        yield return python;
        yield return python.Replace('T', ' ');

        // JavaScript: milliseconds.
        yield return second + "." + utc.ToString("fff", invariant) + "Z";
    }
}
