using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Telemetry;

/// <summary>
/// Every metric and label that the dashboard of Grafana and the rules of Prometheus ask for is one that a silo has which has worked.
/// </summary>
public sealed partial class DashboardQueryTests(ScrapedSilo silo) : IClassFixture<ScrapedSilo>
{
    private static readonly string Dashboard = Path.Combine(Checkout.Root, "deploy", "grafana", "orleans-memory.json");
    private static readonly string Alerts = Path.Combine(Checkout.Root, "deploy", "prometheus", "alerts.yml");

    // Prometheus adds them itself.
    private static readonly string[] Added = ["job", "instance"];

    [Fact]
    public void Every_query_of_the_dashboard_is_answered()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Dashboard));
        string[] queries = [.. Strings(json.RootElement, "expr")];
        Assert.True(queries.Length >= 40, $"{queries.Length} queries were found.");
        Assert.Empty(queries.SelectMany(Unanswered));
    }

    [Fact]
    public void Every_panel_takes_the_chosen_source_job_and_silos()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Dashboard));
        Assert.All(
            Strings(json.RootElement, "expr"),
            query => Assert.Equal(Selectors().Count(query), Occurrences(query, "job=~\"$job\", instance=~\"$instance\""))
        );
        Assert.All(Strings(json.RootElement, "uid").Where(uid => uid != "orleans-memory"), uid => Assert.Equal("${datasource}", uid));
        string[] variables =
        [
            .. json
                .RootElement.GetProperty("templating")
                .GetProperty("list")
                .EnumerateArray()
                .Select(variable => variable.GetProperty("name").GetString()!),
        ];
        Assert.Equal(["datasource", "job", "instance"], variables);
        Assert.All(
            Strings(json.RootElement, "definition"),
            definition => Assert.True(silo.Samples.Contains(Variable().Match(definition).Groups["metric"].Value), definition)
        );
    }

    [Fact]
    public void Every_rule_is_answered()
    {
        string[] queries = [.. Expressions().Matches(File.ReadAllText(Alerts)).Select(match => match.Groups["query"].Value)];
        Assert.Equal(Occurrences(File.ReadAllText(Alerts), "- alert: "), queries.Length);
        Assert.True(queries.Length >= 12, $"{queries.Length} rules were found.");

        // A scrape that fails says so by the one metric that is Prometheus' own.
        Assert.Empty(queries.SelectMany(Unanswered).Where(missing => missing != "up"));
    }

    [Theory]
    [InlineData("sum by (job) (rate(orleans_memory_nothing_total[5m]))", "orleans_memory_nothing_total")]
    [InlineData("orleans_grains{kind=\"x\"}", "orleans_grains{kind}")]
    [InlineData("sum by (nobody) (orleans_grains)", "by nobody")]
    [InlineData("rateof(orleans_grains)", "rateof")]
    [InlineData("max by (job) (orleans_grains) > 2 * max by (job) (orleans_grains offset 1d)", null)]
    public void What_is_not_there_is_found(string query, string? missing) =>
        Assert.Equal(missing is null ? [] : [missing], Unanswered(query));

    [Fact]
    public void The_operations_page_and_the_rules_watch_the_same()
    {
        string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "operations.md"));
        string rules = File.ReadAllText(Alerts);
        string[] watched = [.. Watched().Matches(page).Select(match => match.Groups["instrument"].Value)];
        Assert.True(watched.Length >= 8, $"{watched.Length} instruments were found.");
        Assert.All(watched, instrument => Assert.Contains(instrument.Replace('.', '_'), rules, StringComparison.Ordinal));
    }

    private IEnumerable<string> Unanswered(string text)
    {
        var query = PromQuery.Parse(text);
        foreach ((string metric, HashSet<string> labels) in query.Metrics)
        {
            if (!silo.Samples.Contains(metric))
            {
                yield return metric;
                continue;
            }

            foreach (string label in labels.Except(Added).Where(label => !silo.Samples[metric].Any(sample => sample.ContainsKey(label))))
            {
                yield return $"{metric}{{{label}}}";
            }
        }

        foreach (
            string label in query
                .Grouped.Except(Added)
                .Where(label =>
                    !query
                        .Metrics.Keys.Where(silo.Samples.Contains)
                        .Any(metric => silo.Samples[metric].Any(sample => sample.ContainsKey(label)))
                )
        )
        {
            yield return "by " + label;
        }
    }

    private static IEnumerable<string> Strings(JsonElement element, string name) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member =>
                    member.NameEquals(name) && member.Value.ValueKind == JsonValueKind.String
                        ? [member.Value.GetString()!]
                        : Strings(member.Value, name)
                ),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Strings(item, name)),
            _ => [],
        };

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex(@"[\w:]+\{", RegexOptions.None, 5_000)]
    private static partial Regex Selectors();

    [GeneratedRegex(@"^label_values\((?<metric>\w+)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^ +expr: (?<query>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 5_000)]
    private static partial Regex Expressions();

    [GeneratedRegex(@"^\| `(?<instrument>orleans_memory\.[\w.]+)` \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 5_000)]
    private static partial Regex Watched();
}
