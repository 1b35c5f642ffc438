using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>
/// Makes the requests of one sequence: valid ones, so that there is something to be hostile to, nearly valid ones, and hostile ones.
/// </summary>
/// <param name="key">The API key.</param>
internal sealed class RequestMaker(int seed, ImmutableArray<Operation> operations, string key)
{
    private const int Conversations = 6;

    private static readonly string[] Methods =
    [
        "GET",
        "PUT",
        "POST",
        "PATCH",
        "DELETE",
        "HEAD",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "PURGE",
        "get",
        "QUERY",
        "PROPFIND",
        "M-SEARCH",
        "G\u00e9T",
    ];

    /// <summary>Ids of memories that were answered, for requests to come.</summary>
    public List<string> MemoryIds { get; } = [];

    /// <summary>One request.</summary>
    /// <param name="place">Its place in the sequence.</param>
    public HostileRequest Make(int place)
    {
        var dice = new Dice(seed, place);
        Operation operation = dice.Pick(operations);
        if (dice.Hits(300))
        {
            return Build(dice, operation, Odds.None);
        }

        var odds = new Odds(
            Path: dice.Hits(150),
            Query: dice.Hits(250),
            Headers: dice.Hits(250),
            Method: dice.Hits(40),
            Body: dice.Hits(600),
            Framing: dice.Hits(60),
            Key: dice.Hits(25)
        );
        return Build(dice, operation, odds);
    }

    private HostileRequest Build(Dice dice, Operation operation, Odds odds)
    {
        // So much erased state would leave nothing to be hostile to.
        if (operation.Id is "eraseUser" && !dice.Hits(100))
        {
            operation = operations.First(other => other.Id == "commitTurn");
        }

        string method = odds.Method ? dice.Pick(Methods) : operation.Method;
        byte[] target = [.. Path(dice, operation, odds.Path), .. Query(dice, operation, odds.Query)];
        bool hasBody = operation.HasBody ? !odds.Body || !dice.Hits(20) : odds.Body && dice.Hits(30);
        byte[] body =
            !hasBody ? []
            : odds.Body ? BodyMaker.Hostile(dice, operation)
            : BodyMaker.Valid(dice, operation);
        var headers = new HeaderMaker(dice, operation, key);
        headers.Begin(method, target, odds.Key);
        if (hasBody)
        {
            headers.AddContentType(odds.Headers && dice.Hits(300));
        }

        if (odds.Headers)
        {
            headers.AddOdd();
        }
        else if (operation.Headers.Contains("Idempotency-Key") && dice.Hits(200))
        {
            headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"key-{dice.Next(20)}"));
        }

        (byte[] sent, bool odd, bool abandoned) = Framing.Frame(dice, headers, body, odds.Framing);
        return new HostileRequest
        {
            Operation = operation,
            Method = method,
            Head = headers.End(),
            Body = sent,
            IsOfOperation = !odds.Path && !odds.Method && !odds.Key && !odds.Headers && !odd && !headers.IsOddHttp,
            IsOddHttp = odd || headers.IsOddHttp || (odds.Method && !method.All(char.IsAsciiLetterOrDigit)) || odds.Method || odds.Path,
            IsAbandoned = abandoned,
            IsSlow = dice.Hits(10),
        };
    }

    private byte[] Path(Dice dice, Operation operation, bool isHostile)
    {
        var path = new MemoryStream();
        string[] segments = operation.Path.Split('/')[1..];
        int odd = isHostile ? dice.Next(segments.Length) : -1;
        for (int i = 0; i < segments.Length; i++)
        {
            path.WriteByte((byte)'/');
            bool isParameter = segments[i].StartsWith('{');
            path.Write(
                isHostile && (i == odd || (isParameter && dice.Hits(500))) ? HostileValues.Segment(dice)
                : isParameter ? Encoding.UTF8.GetBytes(Uri.EscapeDataString(Parameter(dice, operation, segments[i][1..^1])))
                : Encoding.UTF8.GetBytes(segments[i])
            );
        }

        return path.ToArray();
    }

    private string Parameter(Dice dice, Operation operation, string name) =>
        name switch
        {
            "id" when operation.Path.StartsWith("/v1/memories", StringComparison.Ordinal) => MemoryIds.Count > 0 && dice.Hits(800)
                ? dice.Pick(MemoryIds)
                : "01a229d0a49d766cb82f3684c4cf1681",

            // A sequence has conversations of its own, so that it can be repeated alone, and the neighbour's names.
            "id" => dice.Hits(60) ? "lisbon-trip" : string.Create(CultureInfo.InvariantCulture, $"c{seed}-{dice.Next(Conversations)}"),
            _ => operation.PathParameters.First(parameter => parameter.Name == name).Example,
        };

    private static byte[] Query(Dice dice, Operation operation, bool isHostile)
    {
        var query = new StringBuilder();
        foreach ((string name, string type, string? example) in operation.Query)
        {
            bool isGiven = example is not null || dice.Hits(150);
            if (!isGiven || (isHostile && dice.Hits(100)))
            {
                continue;
            }

            string value =
                isHostile && dice.Hits(500) ? HostileValues.QueryValue(dice) : Uri.EscapeDataString(example ?? Valid(dice, name, type));
            Add(query, name, value);
            if (isHostile && dice.Hits(60))
            {
                Add(query, dice.Pick([name, name.ToUpperInvariant(), $"{name}[]", $"{name}[a]", $"{name}.a", $"{name}."]), value);
            }
        }

        if (isHostile)
        {
            Junk(dice, query);
        }

        return query.Length == 0 ? [] : Encoding.Latin1.GetBytes("?" + query);
    }

    private static void Junk(Dice dice, StringBuilder query)
    {
        switch (dice.Next(8))
        {
            case 0:
                query.Append("&&&=&%&?=#");
                break;
            case 1:
                Add(query, HostileValues.QueryValue(dice), HostileValues.QueryValue(dice));
                break;
            case 2:
                Add(query, "metadata[" + HostileValues.QueryValue(dice) + "]", "\u00ff");
                break;
            case 3:
                query.Append(
                    string.Join(
                        '&',
                        Enumerable.Range(0, dice.Pick<int>([20, 300, 1_100])).Select(i => FormattableString.Invariant($"metadata.k{i}=v"))
                    )
                );
                break;
            default:
                break;
        }
    }

    private static string Valid(Dice dice, string name, string type) =>
        (name, type) switch
        {
            ("order", _) => dice.Pick(["asc", "desc"]),
            ("role", _) => dice.Pick(["user", "assistant"]),
            ("kind", _) => dice.Pick(["turn", "fact"]),
            ("format", _) => dice.Pick(["partial", "full", "json"]),
            ("forks", _) => dice.Pick(["keep", "cut"]),
            ("metadata", _) => "channel=web",
            ("after", "string") => "0",
            ("expectedCreatedAt", _) => "2026-11-30T09:15:00Z",
            (_, "integer") => dice.Next(30).ToString(CultureInfo.InvariantCulture),
            (_, "number") => "3600",
            _ => "ana",
        };

    private static void Add(StringBuilder query, string name, string value) =>
        query.Append(query.Length == 0 ? "" : "&").Append(name).Append('=').Append(value);

    /// <summary>Which parts of a request are hostile.</summary>
    private sealed record Odds(bool Path, bool Query, bool Headers, bool Method, bool Body, bool Framing, bool Key)
    {
        public static readonly Odds None = new(false, false, false, false, false, false, false);
    }
}
