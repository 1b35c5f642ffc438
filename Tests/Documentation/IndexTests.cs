using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Documentation;

/// <summary>Every page is found from an index, and every link leads somewhere.</summary>
public sealed partial class IndexTests
{
    [Fact]
    public void The_index_has_every_page_and_the_first_page_has_the_index()
    {
        Assert.Empty(DocumentsOf("docs").Except(LinkedFrom("docs/README.md"), StringComparer.Ordinal));
        Assert.Contains("docs/README.md", LinkedFrom("README.md"));
        Assert.Contains("docs/decisions/README.md", LinkedFrom("docs/README.md"));
    }

    [Fact]
    public void The_index_of_decisions_has_every_one_of_them_in_one_line()
    {
        string[] lines = File.ReadAllLines(Checkout.PathOf("docs/decisions/README.md"));
        Assert.All(
            DocumentsOf("docs/decisions"),
            decision => Assert.Single(lines, line => line.Contains($"]({Path.GetFileName(decision)})", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_decision_begins_with_its_number_its_date_and_its_status() =>
        Assert.All(
            DocumentsOf("docs/decisions").Where(page => char.IsDigit(Path.GetFileName(page)[0])),
            page =>
            {
                string[] head = [.. File.ReadLines(Checkout.PathOf(page)).Take(3)];
                Assert.StartsWith($"# {Path.GetFileName(page)[..4]}: ", head[0], StringComparison.Ordinal);
                Assert.Matches(@"^Date: \d{4}-\d\d-\d\d\. Status: \S", head[2]);
            }
        );

    [Fact]
    public void Every_relative_link_leads_to_a_file_and_to_a_heading_that_are_there()
    {
        var anchors = DocumentPage.All.ToDictionary(page => page.Path, page => page.Anchors, StringComparer.Ordinal);
        string[] dead =
        [
            .. from page in DocumentPage.All
            from link in page.Links
            where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal)
            where !Leads(page.Path, link, anchors)
            select $"{page.Path}: {link}",
        ];
        Assert.Empty(dead);
        Assert.True(DocumentPage.All.Sum(page => page.Links.Count()) > 100, "Links are not found any more.");
    }

    [Fact]
    public void Settings_for_operators_name_documents_that_are_there() =>
        Assert.All(
            Directory
                .EnumerateFiles(Checkout.PathOf("deploy"), "*", SearchOption.AllDirectories)
                .Append(Checkout.PathOf("docker-compose.yml")),
            file =>
                Assert.All(
                    Document().Matches(File.ReadAllText(file)),
                    named => Assert.True(File.Exists(Checkout.PathOf(named.Value)), $"{file}: {named.Value}")
                )
        );

    private static bool Leads(string page, string link, Dictionary<string, IReadOnlySet<string>> anchors)
    {
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? page : Resolve(page, parts[0]);
        return (File.Exists(Checkout.PathOf(target)) || Directory.Exists(Checkout.PathOf(target)))
            && (parts.Length == 1 || (anchors.TryGetValue(target, out IReadOnlySet<string>? found) && found.Contains(parts[1])));
    }

    private static string Resolve(string page, string link) =>
        Path.GetRelativePath(Checkout.Root, Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Checkout.PathOf(page))!, link)))
            .Replace('\\', '/');

    private static IEnumerable<string> LinkedFrom(string page) =>
        DocumentPage.All.Single(document => document.Path == page).Links.Select(link => Resolve(page, link.Split('#')[0]));

    private static IEnumerable<string> DocumentsOf(string folder) =>
        DocumentPage
            .All.Select(page => page.Path)
            .Where(path => Path.GetDirectoryName(path)!.Replace('\\', '/') == folder && Path.GetFileName(path) != "README.md");

    [GeneratedRegex(@"(?<![\w/])(docs|deploy|Samples|Benchmarks)/[\w/-]+\.(md|sql|conf|json|yml)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Document();
}
