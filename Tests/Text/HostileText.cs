namespace OrleansMemory.Tests.Text;

/// <summary>Texts that try to break out of literals, and Unicode at its worst.</summary>
internal static class HostileText
{
    private static readonly string[] Pieces =
    [
        "'",
        "''",
        "\\",
        "\\'",
        ":",
        ":*",
        ":1A",
        "&",
        "|",
        "!",
        "<->",
        "<2>",
        "(",
        ")",
        "\"",
        "-",
        " ",
        "\0",
        "\uD800",
        "\uDC00",
        "\uD800\uDC00",
        "$1",
        ";--",
        "@1",
        "\u0001",
        "\uFFFF",
        "a",
        "word",
        "O'Neil",
        "OR",
        "東",
        "京都",
        "ｶﾞ",
        "é",
        "e\u0301",
        "\u0301",
        "İ",
        "ß",
        "ﬁ",
        "½",
        "٣",
        "ไทย",
        "\u200D",
        "\u00AD",
        "\u202E",
        "𠮷",
        "🙂",
        "\n",
    ];

    public static string Next(Random random, int pieces) =>
        string.Concat(
            Enumerable
                .Range(0, random.Next(pieces))
                .Select(_ => random.Next(4) == 0 ? ((char)random.Next(char.MaxValue + 1)).ToString() : Pieces[random.Next(Pieces.Length)])
        );
}
