using System.Text;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>Values that servers stumble over.</summary>
internal static class HostileValues
{
    // As they stand between the quotes of JSON.
    private static readonly byte[][] Texts =
    [
        .. new[]
        {
            "",
            " ",
            ".",
            "..",
            "a/b",
            "%2e%2e",
            "%00",
            @"\u0000",
            @"a\u0000b",
            @"\ud800",
            @"\udc00",
            @"\ud800\ud800",
            @"\udc00\ud800",
            @"\ud83d\ude00",
            "\U0001F600",
            "\u202Eabc",
            "\uFEFF",
            "e\u0301\u0301\u0301",
            @"\u00e9",
            @"\n\r\t\b\f\\\/\""",
            "null",
            "true",
            "-1",
            "1e999",
            "NaN",
            "{}",
            "[]",
            "<script>alert(1)</script>",
            "'; --",
            "$type",
            "${jndi:x}",
            "{{7*7}}",
            "\uFFFF",
            @"\uffff",
            @"\u0001",
            "2026-01-31T12:00:00Z",
            "2026-13-45T99:99:99Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.9999999Z",
            "data:,",
            "data:text/plain;base64,!!!",
            "http://[",
            "user",
            "system",
            "tool",
            "assistant",
            "text",
            "functionCall",
            "functionResult",
            "WORKING_MEMORY",
            "globals",
            "session:",
            "memory-object",
            "default",
            "ana",
            "lisbon-trip",
            "turn-1",
            "__proto__",
        }.Select(Encoding.UTF8.GetBytes),
        Many("a"u8, 256),
        Many("a"u8, 257),
        Many("a"u8, 1_025),
        Many("a"u8, 70_000),
        Many("\u20AC"u8, 100),
        Many("\U0001F600"u8, 65),
        Many(@"\ud800"u8, 50),
        [0xFF],
        [0xC0, 0xAF],
        [0xE2, 0x82],
        [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80],
        [0x61, 0x80],
        [0x01],
        [0x0A],
        [0x00],
        "\\x"u8.ToArray(),
        "\\u12"u8.ToArray(),
        "\\"u8.ToArray(),
    ];

    private static readonly string[] Numbers =
    [
        "0",
        "1",
        "2",
        "-1",
        "-0",
        "0.1",
        "1.0",
        "1e5",
        "1E400",
        "-1e308",
        "1e-400",
        "2147483647",
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "18446744073709551616",
        "0.00000000000000000000000000000001",
        "79228162514264337593543950336",
        "3153600001",
        "100000000000000000000000000000000000000000000000000",
        "01",
        "+1",
        ".5",
        "1.",
        "NaN",
        "Infinity",
        "-Infinity",
        "0x10",
        "1e",
        "--1",
    ];

    private static readonly string[] Others =
    [
        "true",
        "false",
        "null",
        "[]",
        "{}",
        "[[]]",
        "[null]",
        "{\"\":null}",
        "undefined",
        "",
        "tru",
        "'a'",
        "/**/1",
        "[1,]",
        "{\"a\":1,}",
    ];

    private static readonly string[] PathSegments =
    [
        "%00",
        "%FF",
        "%C0%AF",
        "%ED%A0%80",
        "%2F",
        "%252F",
        "%2e",
        "%2e%2e",
        ".",
        "..",
        "..%2F..",
        "%",
        "%zz",
        "%u0041",
        "a%20b",
        "a+b",
        "a;b=c",
        "%0D%0Ax:y",
        "%E2%82%AC",
        "%F0%9F%98%80",
        "*",
        "a%2Fb",
        "a%5Cb",
        "\\",
        "",
        "%EF%BB%BF",
        "~",
        "'",
        "$batch",
        "{id}",
        "null",
        "-1",
        "01a229d0a49d766cb82f3684c4cf1681",
        "00000000000000000000000000000000",
        "lisbon-trip",
        "default%2Flisbon-trip",
        "x:y",
        "[",
        "^",
        "|",
        "`",
        "%7F",
        "%01",
    ];

    /// <summary>A string of JSON, its quotes included.</summary>
    public static byte[] Text(Dice dice) => [(byte)'"', .. dice.Pick(Texts), (byte)'"'];

    /// <summary>A value of JSON, or nearly.</summary>
    public static byte[] Value(Dice dice) =>
        dice.Next(20) switch
        {
            < 8 => Text(dice),
            < 13 => Encoding.ASCII.GetBytes(dice.Pick(Numbers)),
            < 17 => Encoding.ASCII.GetBytes(dice.Pick(Others)),
            17 => Nested(dice, dice.Pick<int>([10, 60, 63, 64, 65, 66, 126, 127, 128, 129, 1_000])),
            18 => Named(dice),
            _ => Long(dice),
        };

    /// <summary>Many tokens or deep nesting.</summary>
    public static byte[] Huge(Dice dice) =>
        dice.Next(4) switch
        {
            0 => Nested(dice, 200_000),
            1 => [(byte)'[', .. Many("0,"u8, 600_000), (byte)'0', (byte)']'],
            2 => [(byte)'{', .. Many("\"a\":[{}],"u8, 90_000), .. "\"b\":0}"u8],
            _ => [(byte)'"', .. Many("\u20AC"u8, 300_000 + dice.Next(4_000_000)), (byte)'"'],
        };

    /// <summary>A name of JSON, its quotes included.</summary>
    public static byte[] Name(Dice dice) =>
        dice.Next(3) == 0
            ? Encoding.ASCII.GetBytes(
                "\""
                    + dice.Pick([
                        "autograms",
                        "$type",
                        "callId",
                        "role",
                        "contents",
                        "metadata",
                        "ttl",
                        @"\u0024type",
                        @"\u0072ole",
                        "additionalProperties",
                        "caption",
                    ])
                    + "\""
            )
            : Text(dice);

    /// <summary>A segment of a path, escaped or not.</summary>
    public static byte[] Segment(Dice dice) =>
        dice.Next(12) switch
        {
            0 => Many("a"u8, 256 + dice.Next(2)),
            1 => Many("%41"u8, dice.Pick<int>([100, 3_000, 9_000])),
            2 => [0xC3, 0xA9],
            3 => [0xFF, 0xFE],
            _ => Encoding.UTF8.GetBytes(dice.Pick(PathSegments)),
        };

    /// <summary>The value of a query parameter, escaped or not.</summary>
    public static string QueryValue(Dice dice) =>
        dice.Next(3) switch
        {
            0 => Uri.EscapeDataString(dice.Pick(Numbers)),
            1 => dice.Pick(PathSegments).Replace("\\", "%5C", StringComparison.Ordinal),
            _ => dice.Pick([
                "",
                "a=b",
                "=",
                "a%3Db",
                "asc",
                "DESC",
                "\"a b\" OR -c",
                "-",
                "%22",
                "OR",
                "AND",
                "(((",
                new string('a', 1_001),
                string.Join('+', Enumerable.Repeat("w", 65)),
                "2026-01-31T12:00:00+01:00",
                "1.5.5",
                "1.1763712345678901",
                "tool",
            ]),
        };

    public static byte[] Many(ReadOnlySpan<byte> what, int times)
    {
        byte[] bytes = new byte[what.Length * times];
        for (int i = 0; i < times; i++)
        {
            what.CopyTo(bytes.AsSpan(i * what.Length));
        }

        return bytes;
    }

    private static byte[] Nested(Dice dice, int depth) =>
        dice.Next(2) == 0
            ? [.. Many("["u8, depth), .. Many("]"u8, depth)]
            : [.. Many("{\"a\":"u8, depth), (byte)'1', .. Many("}"u8, depth)];

    // A name that is odd, in an object of its own.
    private static byte[] Named(Dice dice) => [(byte)'{', .. Name(dice), (byte)':', .. Text(dice), (byte)',', .. Name(dice), .. ":1}"u8];

    private static byte[] Long(Dice dice) => [(byte)'[', .. Many("{\"role\":\"user\",\"content\":\"x\"},"u8, dice.Next(200)), .. "1]"u8];
}
