using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace OrleansMemory.Tests.Silo.Start;

/// <summary>What a package that people install must have, and must not drag along.</summary>
internal static class PackageChecks
{
    // By package: what may stand among its dependencies, whatever else is found there is a fault.
    private static readonly Dictionary<string, string[]> Forbidden = new(StringComparer.Ordinal)
    {
        ["OrleansMemory.Abstractions"] = ["Npgsql", "Hosting", "AdoNet", "Server", "Polly"],
        ["OrleansMemory.Certificates"] = ["Npgsql", "AdoNet", "Server", "Polly"],
        ["OrleansMemory.Client"] = ["Npgsql", "AdoNet", "Server", "OrleansMemory.Grains", "OrleansMemory.Client.Json"],
        ["OrleansMemory.Client.Postgres"] = ["Server", "OrleansMemory.Grains"],
        ["OrleansMemory.Compatibility"] = ["Npgsql", "AdoNet", "Server", "OrleansMemory.Grains", "OrleansMemory.Client.Json"],
        ["OrleansMemory.AgentFramework"] = ["Npgsql", "AdoNet", "Server", "OrleansMemory.Grains", "OrleansMemory.Client.Json"],
        ["OrleansMemory.AspNetCore"] = ["Npgsql", "AdoNet", "Server", "OrleansMemory.Grains", "OrleansMemory.Client.Json"],
        ["OrleansMemory.Mcp"] = ["Npgsql", "AdoNet", "Server", "OrleansMemory.Grains", "OrleansMemory.Client.Json"],
        ["OrleansMemory.Grains"] = ["OrleansMemory.Client", "OnnxRuntime"],
        ["OrleansMemory.LocalEmbeddings"] = ["Npgsql", "AdoNet", "Server", "OrleansMemory.Grains"],
        ["OrleansMemory.Testing"] = ["xunit", "OrleansMemory.Tests"],
        ["OrleansMemory.Silo"] = [],
        ["OrleansMemory.Http"] = ["Orleans", "Npgsql"],
        ["OrleansMemory.Cli"] = [],
    };

    /// <summary>Checks all packages of a feed.</summary>
    /// <param name="feed">The folder.</param>
    /// <param name="root">The checkout.</param>
    public static void Demand(string feed, string root)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(feed, "*.nupkg"))
        {
            using ZipArchive package = ZipFile.OpenRead(file);
            HashSet<string> entries = [.. package.Entries.Select(entry => entry.FullName)];
            XElement metadata = Metadata(package);
            string id = Value(metadata, "id")!;
            found.Add(id);
            Assert.True(Forbidden.TryGetValue(id, out string[]? forbidden), $"{id} is not expected.");
            Assert.True(File.Exists(Path.ChangeExtension(file, ".snupkg")), $"{id} has no symbols.");
            Assert.Equal(
                ("README.md", "icon.png", "MIT"),
                (Value(metadata, "readme"), Value(metadata, "icon"), Value(metadata, "license"))
            );
            Assert.Contains("README.md", entries);
            Assert.Contains("icon.png", entries);
            Assert.Contains("orleans", Value(metadata, "tags"), StringComparison.Ordinal);
            Assert.NotEqual("Package Description", Value(metadata, "description"));
            Assert.All(
                entries.Where(entry =>
                    entry.StartsWith("lib/", StringComparison.Ordinal) && entry.EndsWith(".dll", StringComparison.Ordinal)
                ),
                library => Assert.Contains(Path.ChangeExtension(library, ".xml"), entries)
            );
            string[] dependencies =
            [
                .. metadata
                    .Descendants()
                    .Where(element => element.Name.LocalName == "dependency")
                    .Select(element => (string)element.Attribute("id")!),
            ];
            Assert.All(
                forbidden,
                part =>
                    Assert.DoesNotContain(
                        dependencies,
                        dependency =>
                            part.Contains("OrleansMemory", StringComparison.Ordinal)
                                ? dependency == part
                                : dependency.Contains(part, StringComparison.OrdinalIgnoreCase)
                    )
            );
        }

        Assert.Equal(Forbidden.Keys.Order(StringComparer.Ordinal), found);
        string printed = File.ReadAllText(Path.Combine(root, "README.md"));
        Assert.All(found, id => Assert.Contains($"| `{id}` |", printed, StringComparison.Ordinal));
    }

    private static XElement Metadata(ZipArchive package)
    {
        using Stream nuspec = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    private static string? Value(XElement metadata, string name) =>
        metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
}
