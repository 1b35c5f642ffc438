using System.Text;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>Writes the request line and the headers of a request.</summary>
internal sealed class HeaderMaker(Dice dice, Operation operation, string key)
{
    private static readonly (string Name, string Value)[] Odd =
    [
        ("Accept", "*/*"),
        ("Accept", "text/html"),
        ("Accept", "application/xml;q=0"),
        ("Accept", ",,;q=;"),
        ("Accept-Encoding", "gzip, br;q=0, *;q=2"),
        ("Accept-Encoding", "\u00ff"),
        ("Accept-Language", "xx-yy;q=nan"),
        ("Content-Encoding", "gzip"),
        ("Content-Encoding", "br, deflate"),
        ("Expect", "100-continue"),
        ("Expect", "the-unexpected"),
        ("Range", "bytes=0-0"),
        ("Range", "bytes=9999999999999-"),
        ("If-Match", "*"),
        ("If-None-Match", "\"x\""),
        ("X-HTTP-Method-Override", "DELETE"),
        ("X-Forwarded-For", "8.8.8.8"),
        ("Forwarded", "for=_x;host=y"),
        ("X-Forwarded-Prefix", "/x"),
        ("Cookie", "a=b; a=c;;;="),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Upgrade", "websocket"),
        ("Upgrade", "h2c"),
        ("Connection", "keep-alive, close"),
        ("Connection", "upgrade"),
        ("TE", "trailers"),
        ("Trailer", "X"),
        ("traceparent", "00-00000000000000000000000000000000-0000000000000000-01"),
        ("traceparent", "junk"),
        ("tracestate", "=,=,="),
        ("baggage", "a=%FF"),
        ("Last-Event-ID", "1"),
        ("Last-Event-ID", "-1"),
        ("Last-Event-ID", "1.9223372036854775808"),
        ("Last-Event-ID", "1.1.1"),
        ("Last-Event-ID", ""),
        ("Last-Event-ID", "\u00e9"),
        ("Last-Event-ID", "99999999999999999999"),
        ("Idempotency-Key", ""),
        ("Idempotency-Key", " "),
        ("Idempotency-Key", "turn-1"),
        ("Idempotency-Key", "\u00c3\u00a9"),
        ("Idempotency-Key", "\u00ff\u00fe"),
        ("Idempotency-Key", "a\tb"),
        ("Orleans-Memory-Tenant", "neighbour"),
        ("X-Tenant", "neighbour"),
        ("Host", "evil.example"),
        ("Host", ""),
        ("Host", "a b"),
        ("Date", "junk"),
        ("Content-MD5", "x"),
        ("Transfer-Encoding", "identity"),
        ("Authorization", "Bearer "),
        ("Proxy-Authorization", "Basic !!"),
    ];

    private static readonly string[] ContentTypes =
    [
        "text/plain",
        "application/json; charset=utf-16",
        "application/json;charset=\"utf-8\"",
        "application/merge-patch+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "/",
        "application/json, application/json",
        "application/json;;;",
        "APPLICATION/JSON",
        "application/problem+json",
        "\u00ff",
    ];

    private readonly MemoryStream _head = new();

    /// <summary>Whether they are such that the server may answer by itself.</summary>
    public bool IsOddHttp { get; private set; }

    /// <summary>Writes the request line, the host and the key.</summary>
    public void Begin(string method, byte[] target, bool hasOddKey)
    {
        Write(method + " ");
        _head.Write(target);
        IsOddHttp = target.Length > 7_000 || target.Any(letter => letter is <= 0x20 or >= 0x7F);
        string version = dice.Hits(4) ? dice.Pick(["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.1 ", "http/1.1", ""]) : "HTTP/1.1";
        IsOddHttp |= version != "HTTP/1.1";
        Write($" {version}\r\n");
        Add("Host", "127.0.0.1");
        if (!hasOddKey)
        {
            Add("Authorization", "Bearer " + key);
            return;
        }

        foreach (
            string value in dice.Pick<string[]>([
                [],
                ["Bearer"],
                ["Bearer " + key, "Bearer " + key],
                ["Basic " + key],
                ["Bearer no-such-key-at-all-1"],
                ["Bearer neighbour~no-such-key-at-all"],
                ["Bearer \u00ff\u00fe"],
                ["Bearer " + new string('k', 5_000)],
                ["bearer  " + key + " "],
            ])
        )
        {
            Add("Authorization", value);
            IsOddHttp |= value.Contains('\u00ff', StringComparison.Ordinal);
        }
    }

    /// <summary>Writes the content type.</summary>
    public void AddContentType(bool isOdd) =>
        Add(
            "Content-Type",
            isOdd ? dice.Pick(ContentTypes) : dice.Pick(operation.ContentTypes.IsEmpty ? ["application/json"] : operation.ContentTypes)
        );

    /// <summary>Writes some that are odd.</summary>
    public void AddOdd()
    {
        IsOddHttp = true;
        for (int i = 1 + dice.Next(3); i > 0; i--)
        {
            (string name, string value) = dice.Pick(Odd);
            Add(name, value);
        }

        if (dice.Hits(100))
        {
            Add("Idempotency-Key", new string('k', dice.Pick<int>([255, 256, 257, 4_000])));
        }

        if (dice.Hits(20))
        {
            string value = new('x', dice.Pick<int>([100, 40_000]));
            for (int i = dice.Pick<int>([1, 90, 150]); i > 0; i--)
            {
                Add(FormattableString.Invariant($"X-H{i}"), value.Length > 100 && i > 1 ? "x" : value);
            }
        }

        if (dice.Hits(20))
        {
            Write(
                dice.Pick(["X Y: 1\r\n", ": 1\r\n", "NoColon\r\n", " folded: 1\r\n", "X:\0\r\n", "X: a\rb\r\n", "X\u00ff: 1\r\n", "X: 1\n"])
            );
        }
    }

    public void Add(string name, string value) => Write($"{name}: {value}\r\n");

    /// <summary>Writes the end.</summary>
    public byte[] End()
    {
        Write("\r\n");
        return _head.ToArray();
    }

    // A byte for each character.
    private void Write(string text) => _head.Write(Encoding.Latin1.GetBytes(text));
}
