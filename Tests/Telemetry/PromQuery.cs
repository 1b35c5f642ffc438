using System.Text.RegularExpressions;

namespace OrleansMemory.Tests.Telemetry;

/// <summary>
/// The names in a query of Prometheus: every word in it is a metric, a label or one of the language's, or it is not understood.
/// </summary>
internal sealed partial class PromQuery
{
    private static readonly HashSet<string> Language =
    [
        "sum",
        "min",
        "max",
        "avg",
        "rate",
        "increase",
        "histogram_quantile",
        "max_over_time",
        "avg_over_time",
        "abs",
        "by",
        "and",
        "or",
        "unless",
        "offset",
        "on",
    ];

    private PromQuery(IReadOnlyDictionary<string, HashSet<string>> metrics, IReadOnlyCollection<string> grouped) =>
        (Metrics, Grouped) = (metrics, grouped);

    /// <summary>The metrics, each with the labels that it is chosen by.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> Metrics { get; }

    /// <summary>The labels by which the query groups.</summary>
    public IReadOnlyCollection<string> Grouped { get; }

    /// <summary>Reads a query.</summary>
    public static PromQuery Parse(string text)
    {
        var metrics = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var grouped = new HashSet<string>(StringComparer.Ordinal);
        string rest = Text().Replace(text, "\"\"");
        rest = Range().Replace(rest, "");
        rest = Grouping()
            .Replace(
                rest,
                match =>
                {
                    grouped.UnionWith(match.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries));
                    return "";
                }
            );
        rest = Selector()
            .Replace(
                rest,
                match =>
                {
                    Of(match.Groups["metric"].Value)
                        .UnionWith(
                            match
                                .Groups["labels"]
                                .Value.Split(',', StringSplitOptions.TrimEntries)
                                .Select(matcher => Label().Match(matcher).Groups["label"].Value)
                        );
                    return "";
                }
            );
        rest = Offset().Replace(rest, "");
        foreach (Match word in Word().Matches(rest))
        {
            if (!Language.Contains(word.Value))
            {
                Of(word.Value);
            }
        }

        return new PromQuery(metrics, grouped);

        HashSet<string> Of(string metric)
        {
            if (!metrics.TryGetValue(metric, out HashSet<string>? labels))
            {
                metrics.Add(metric, labels = new HashSet<string>(StringComparer.Ordinal));
            }

            return labels;
        }
    }

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"", RegexOptions.None, 5_000)]
    private static partial Regex Text();

    [GeneratedRegex(@"\[[^\]]*\]", RegexOptions.None, 5_000)]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(by|on) *\((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"(?<metric>[a-zA-Z_:][\w:]*)\{(?<labels>[^}]*)\}", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Selector();

    [GeneratedRegex(@"^(?<label>[a-zA-Z_]\w*) *(=|!=|=~|!~) *""""$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Label();

    [GeneratedRegex(@"\boffset +\d+\w\b", RegexOptions.None, 5_000)]
    private static partial Regex Offset();

    [GeneratedRegex(@"[a-zA-Z_:][\w:]*", RegexOptions.None, 5_000)]
    private static partial Regex Word();
}
