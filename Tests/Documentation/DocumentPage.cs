using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Documentation;

/// <summary>A document of this repository, in Markdown.</summary>
/// <param name="Path">Where it is below the solution's folder, with slashes.</param>
/// <param name="Prose">Its text without code, fenced or between back quotes.</param>
/// <param name="Blocks">Its fenced code.</param>
internal sealed partial record DocumentPage(string Path, string Prose, IReadOnlyList<CodeBlock> Blocks)
{
    // What readers come to. Prompts in Markdown are resources of the program.
    private static readonly string[] Folders =
    [
        "",
        "docs",
        "docs/decisions",
        "deploy",
        "Benchmarks",
        "Tests/Compatibility/Wire",
        "Grains/Storage/Postgres",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DocumentPage> All { get; } =
    [
        .. Folders
            .SelectMany(Files)
            .Concat(Directory.EnumerateDirectories(Checkout.Root).SelectMany(folder => Directory.EnumerateFiles(folder, "PACKAGE.md")))
            .Concat(
                Directory.EnumerateDirectories(Checkout.PathOf("Samples")).SelectMany(folder => Directory.EnumerateFiles(folder, "*.md"))
            )
            .Select(file => System.IO.Path.GetRelativePath(Checkout.Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    /// <summary>Where its links lead, as they stand there.</summary>
    public IEnumerable<string> Links => Link().Matches(Prose).Select(link => link.Groups["target"].Value);

    /// <summary>The places in it that a link may name.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            foreach (Match heading in Heading().Matches(Prose))
            {
                string slug = Slug(heading.Groups["text"].Value);
                for (int again = 0; !found.Add(again == 0 ? slug : string.Create(CultureInfo.InvariantCulture, $"{slug}-{again}")); again++)
                { }
            }

            return found;
        }
    }

    /// <summary>All code in one language.</summary>
    /// <param name="languages">Its names.</param>
    public static IReadOnlyList<CodeBlock> In(params string[] languages) =>
        [.. All.SelectMany(page => page.Blocks).Where(block => languages.Contains(block.Language, StringComparer.Ordinal))];

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(Checkout.PathOf(folder), "*.md");

    private static DocumentPage Read(string path)
    {
        var prose = new StringBuilder();
        var blocks = new List<CodeBlock>();
        string? language = null;
        int start = 0;
        string[] lines = File.ReadAllLines(Checkout.PathOf(path));
        for (int i = 0; i < lines.Length; i++)
        {
            bool fence = lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (fence && language is null)
            {
                (language, start) = (lines[i].Trim()[3..], i + 1);
            }
            else if (fence)
            {
                blocks.Add(new CodeBlock(path, start, language!, string.Join('\n', lines[start..i]) + "\n"));
                language = null;
            }
            else if (language is null)
            {
                prose.Append(lines[i]).Append('\n');
            }
        }

        return language is null
            ? new DocumentPage(path, Code().Replace(prose.ToString(), Hidden), blocks)
            : throw new InvalidDataException($"{path}:{start}: the code has no end.");
    }

    // Headings keep what stands between back quotes, since their anchors do.
    private static string Hidden(Match code) => code.Groups["heading"].Success ? code.Value : "";

    /// <summary>What GitHub makes of a heading.</summary>
    private static string Slug(string heading) =>
        Unspoken().Replace(Link().Replace(heading, "").ToLowerInvariant(), "").Trim().Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)(?:\s+""[^""]*"")?\)", RegexOptions.None, 5_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6}\s+(?<text>.+?)\s*$", RegexOptions.Multiline, 5_000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"(?<heading>^#{1,6}\s.*$)|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\p{L}\p{N}\s_-]", RegexOptions.None, 5_000)]
    private static partial Regex Unspoken();
}
