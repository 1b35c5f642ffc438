using System.Xml.Linq;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Architecture;

/// <summary>Which project may name which. A project that is not in the table is a fault of the table.</summary>
public sealed class ProjectArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Grains.Interfaces"] = [],
        ["Certificates"] = [],
        ["Grains"] = ["Certificates", "Grains.Interfaces"],
        ["Client.Json"] = ["Grains.Interfaces"],
        ["Client"] = ["Client.Json", "Grains.Interfaces"],
        ["Client.Postgres"] = ["Certificates", "Client"],
        ["Client.Compatibility"] = ["Client", "Client.Json"],
        ["LocalEmbeddings"] = ["Grains.Interfaces"],
        ["Testing"] = ["Grains", "Client"],
        ["Client.AgentFramework"] = ["Client"],
        ["AspNetCore"] = ["Client", "Client.Json"],
        ["Mcp"] = ["AspNetCore", "Client", "Client.Json"],

        // Over HTTP, without Orleans.
        ["Http"] = [],
        ["Cli"] = ["Http", "Mcp"],

        // The memory of programs and working memories are a part of the HTTP surface.
        ["Silo"] = ["Certificates", "Grains", "Client", "Client.Json", "Client.Compatibility", "AspNetCore", "Mcp"],
    };

    private static readonly string[] Free = ["Tests", "Tests.Stress", "Benchmarks"];

    [Fact]
    public void Projects_name_only_those_below_them()
    {
        foreach (string project in Projects())
        {
            string[] named =
            [
                .. Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))),
            ];
            string name = Path.GetFileNameWithoutExtension(project);
            Assert.True(Allowed.TryGetValue(name, out string[]? allowed), $"{name} is missing in the table.");
            Assert.True(named.All(allowed.Contains), $"{name} names {string.Join(", ", named.Except(allowed))}.");
        }
    }

    [Fact]
    public void An_external_application_carries_no_database_driver_unless_it_asks_for_one()
    {
        string[] carried =
        [
            .. new[] { "Grains.Interfaces", "Client.Json", "Client", "Client.Compatibility" }.SelectMany(name =>
                Items(FileOf(name), "PackageReference")
            ),
        ];
        Assert.NotEmpty(carried);
        Assert.DoesNotContain(
            carried,
            package => package.StartsWith("Npgsql", StringComparison.Ordinal) || package.Contains("AdoNet", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_silo_knows_of_the_client_what_everybody_may_know()
    {
        foreach (string project in Projects().Where(project => Path.GetFileName(project).StartsWith("Client", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain("OrleansMemory.Silo", Items(project, "InternalsVisibleTo"));
        }
    }

    private static IEnumerable<string> Projects() =>
        Directory
            .EnumerateDirectories(Checkout.Root)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
            .Where(project => !Free.Contains(Path.GetFileNameWithoutExtension(project)));

    private static string FileOf(string name) => Path.Combine(Checkout.Root, name, name + ".csproj");

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(project).Descendants(kind).Select(item => (string?)item.Attribute("Include")).OfType<string>();
}
