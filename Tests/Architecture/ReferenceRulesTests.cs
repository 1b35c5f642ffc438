using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Architecture;

/// <summary>Who may touch what. The folders of the house are the walls.</summary>
public sealed partial class ReferenceRulesTests
{
    private static readonly string Root = Checkout.Root;

    [Fact]
    public void Npgsql_is_used_in_its_own_room_only() =>
        AssertOnlyIn(NpgsqlUse(), "Grains/Storage/Postgres/", "Client.Postgres/", "Tests/", "Benchmarks/");

    [Fact]
    public void Contracts_touch_the_Orleans_api_and_nothing_else() =>
        AssertNoneIn(
            UsingOf("Npgsql", "Microsoft.Extensions", "OrleansMemory.Grains", "OrleansMemory.Client", "OrleansMemory.Silo"),
            "Grains.Interfaces/"
        );

    [Fact]
    public void The_client_touches_contracts_only() =>
        AssertNoneIn(
            UsingOf(
                "OrleansMemory.Grains",
                "OrleansMemory.Silo",
                "OrleansMemory.Client.Compatibility",
                "OrleansMemory.Client.AgentFramework",
                "OrleansMemory.Client.Postgres",
                "Npgsql"
            ),
            "Client/",
            "Client.Json/"
        );

    [Fact]
    public void What_is_built_on_the_client_touches_no_host_and_no_database() =>
        AssertNoneIn(
            UsingOf("OrleansMemory.Grains", "OrleansMemory.Silo", "Npgsql"),
            "Client.Compatibility/",
            "Client.Postgres/",
            "Client.AgentFramework/"
        );

    [Fact]
    public void What_other_web_apps_use_touches_the_client_only() =>
        AssertNoneIn(UsingOf("OrleansMemory.Grains", "OrleansMemory.Silo", "Npgsql", "Orleans"), "AspNetCore/", "Mcp/");

    [Fact]
    public void Grains_know_neither_silo_nor_client() =>
        AssertNoneIn(UsingOf("OrleansMemory.Silo", "OrleansMemory.Client", "Microsoft.AspNetCore"), "Grains/");

    [Fact]
    public void The_silo_touches_grains_through_their_hosting_only() =>
        AssertNoneIn(UsingOf("OrleansMemory.Grains.Storage.InMemory", "OrleansMemory.Grains.Diagnostics"), "Silo/");

    [Fact]
    public void Recall_reads_one_way_from_indexing_over_the_query_to_scores()
    {
        AssertNoneIn(
            UsingOf("OrleansMemory.Grains.Memories.Recall.Query", "OrleansMemory.Grains.Memories.Recall.Scoring"),
            "Grains/Memories/Recall/Indexing/"
        );
        AssertNoneIn(UsingOf("OrleansMemory.Grains.Memories.Recall.Scoring"), "Grains/Memories/Recall/Query/");
    }

    [Fact]
    public void Grains_have_no_conditional_compilation() =>
        AssertNoneIn(
            Conditional(),
            "Grains/",
            "Grains.Interfaces/",
            "Client/",
            "Client.Json/",
            "Client.Postgres/",
            "Client.Compatibility/",
            "Client.AgentFramework/",
            "Mcp/"
        );

    [Fact]
    public void Store_code_leaves_the_callers_context()
    {
        IEnumerable<string> offenders = Sources("Grains/Storage/")
            .SelectMany(file => File.ReadLines(file).Select((line, i) => (File: file, Line: line, Number: i + 1)))
            .Where(line => AwaitWithoutConfigure().IsMatch(line.Line))
            .Select(line => $"{Path.GetRelativePath(Root, line.File)}:{line.Number}");
        Assert.Empty(offenders);
    }

    [Fact]
    public void No_file_is_longer_than_the_house_allows() =>
        Assert.Empty(
            Sources("")
                .Where(file => !file.EndsWith(".g.cs", StringComparison.Ordinal) && File.ReadLines(file).Count() > 400)
                .Select(file => Path.GetRelativePath(Root, file))
        );

    [Fact]
    public void Sql_is_kept_in_files() => AssertNoneIn(SqlInStrings(), "Grains/Storage/Postgres/");

    private static void AssertOnlyIn(Regex use, params string[] rooms) =>
        Assert.Empty(
            Sources("")
                .Where(file => use.IsMatch(File.ReadAllText(file)))
                .Select(Relative)
                .Where(file => !rooms.Any(room => file.StartsWith(room, StringComparison.Ordinal)))
        );

    private static void AssertNoneIn(Regex use, params string[] rooms) =>
        Assert.Empty(rooms.SelectMany(Sources).Where(file => use.IsMatch(File.ReadAllText(file))).Select(Relative));

    private static IEnumerable<string> Sources(string room) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, room), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Relative(file).StartsWith("artifacts/", StringComparison.Ordinal));

    private static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static Regex UsingOf(params string[] namespaces) =>
        new(
            $@"^\s*(global )?using (static )?({string.Join('|', namespaces.Select(Regex.Escape))})[.;]",
            RegexOptions.Multiline,
            TimeSpan.FromSeconds(5)
        );

    [GeneratedRegex(@"\bNpgsql[A-Z.;]", RegexOptions.None, 5_000)]
    private static partial Regex NpgsqlUse();

    [GeneratedRegex(@"^\s*#if\b", RegexOptions.Multiline, 5_000)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"""\s*(select|insert into|update|delete from|with recursive)\s", RegexOptions.IgnoreCase, 5_000)]
    private static partial Regex SqlInStrings();

    [GeneratedRegex(@"\bawait\b(?!.*ConfigureAwait)(?!\s+(using|foreach)\b).*;\s*$", RegexOptions.None, 5_000)]
    private static partial Regex AwaitWithoutConfigure();
}
