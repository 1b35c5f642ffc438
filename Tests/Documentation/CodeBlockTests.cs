using System.ComponentModel;
using System.IO.Enumeration;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace OrleansMemory.Tests.Documentation;

/// <summary>Code of pages is code: each language is read by what speaks it. <see cref="SnippetTests"/> compiles the C#.</summary>
public sealed partial class CodeBlockTests
{
    // What programs print and pictures of characters: nothing reads them. Any other block names a language that is checked.
    private const string Output = "text";

    private static readonly Assembly[] Assemblies =
    [
        typeof(Turn).Assembly,
        typeof(PostgresClusterExtensions).Assembly,
        typeof(ConversationClient).Assembly,
        typeof(OrleansMemory.Silo.Api.TurnRoutes).Assembly,
    ];

    private static readonly string[] Checked =
    [
        "csharp",
        "json",
        "jsonc",
        "yaml",
        "sql",
        "bash",
        "sh",
        "js",
        "ts",
        "python",
        "diff",
        "mermaid",
    ];

    // Pictures without a language.
    private static readonly string[] Pictures = ["docs/architecture.md"];

    [Fact]
    public void Every_block_says_in_which_language_it_is() =>
        Assert.Empty(
            DocumentPage
                .All.SelectMany(page => page.Blocks)
                .Where(block =>
                    !Checked.Contains(block.Language)
                    && block.Language != Output
                    && !(block.Language.Length == 0 && Pictures.Contains(block.Page))
                )
        );

    [Fact]
    public void JSON_is_JSON() => Demand(["json"], block => ReadJson(block.Code, JsonCommentHandling.Disallow));

    [Fact]
    public void JSON_with_comments_is_JSON_otherwise()
    {
        foreach (CodeBlock block in DocumentPage.In("jsonc"))
        {
            ReadJson(block.Code, JsonCommentHandling.Skip);
        }
    }

    [Fact]
    public void YAML_is_YAML() => Demand(["yaml"], block => new YamlStream().Load(new StringReader(block.Code)));

    [Fact]
    public Task Bash_reads_commands() => DemandAsync("bash", ["-n"], "sh", "bash", "sh");

    // The examples have no types, so that they are JavaScript as well.
    [Fact]
    public Task Node_reads_TypeScript_and_JavaScript() => DemandAsync("node", ["--check"], "mjs", "js", "ts");

    [Fact]
    public Task Python_reads_Python() =>
        DemandAsync("python3", ["-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())"], "py", "python");

    [Fact]
    public async Task Changes_that_a_page_tells_to_make_fit_the_files_as_they_are()
    {
        IReadOnlyList<CodeBlock> blocks = DocumentPage.In("diff");
        Assert.NotEmpty(blocks);
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, string.Concat(blocks.Select(block => block.Code)), TestContext.Current.CancellationToken);
            await NodePrograms.RunAsync(Checkout.Root, "git", "apply", "--check", file);
        }
        catch (Win32Exception)
        {
            Assert.Skip("git is missing.");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Pictures_of_the_code_name_types_that_are_there()
    {
        var types = new HashSet<string>(
            Assemblies.SelectMany(assembly => assembly.GetTypes()).Select(type => type.Name),
            StringComparer.Ordinal
        );
        string[] named = [.. DocumentPage.In("mermaid").SelectMany(block => CompoundName().Matches(block.Code)).Select(name => name.Value)];
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(types, StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_for_contributors_names_files_and_tests_that_are_there()
    {
        string page = File.ReadAllText(Checkout.PathOf("CONTRIBUTING.md"));
        Assert.All(NamedFile().Matches(page), named => Assert.True(Path.Exists(Checkout.PathOf(named.Groups["path"].Value)), named.Value));
        string[] tests =
        [
            .. typeof(CodeBlockTests)
                .Assembly.GetTypes()
                .SelectMany(type =>
                    type.GetMethods().Select(method => $"{type.FullName}.{method.Name}").Append(type.FullName!).Append(type.Namespace!)
                )
                .Distinct(),
        ];
        MatchCollection filters = NamedTests().Matches(page);
        Assert.NotEmpty(filters);
        Assert.All(
            filters,
            filter =>
                Assert.Contains(
                    tests,
                    test => FileSystemName.MatchesSimpleExpression(filter.Groups["pattern"].Value, test, ignoreCase: false)
                )
        );
    }

    private static void ReadJson(string code, JsonCommentHandling comments)
    {
        var reader = new Utf8JsonReader(
            Encoding.UTF8.GetBytes(code),
            new JsonReaderOptions { AllowMultipleValues = true, CommentHandling = comments }
        );
        while (reader.Read()) { }
    }

    private static void Demand(string[] languages, Action<CodeBlock> read)
    {
        IReadOnlyList<CodeBlock> blocks = DocumentPage.In(languages);
        Assert.NotEmpty(blocks);
        Assert.All(
            blocks,
            block => Assert.True(Record.Exception(() => read(block)) is null, $"{block}: {Record.Exception(() => read(block))?.Message}")
        );
    }

    /// <summary>
    /// Has a program read every block of its languages; where the machine has no such program the test is left out and says so.
    /// </summary>
    private static async Task DemandAsync(string program, string[] arguments, string extension, params string[] languages)
    {
        IReadOnlyList<CodeBlock> blocks = DocumentPage.In(languages);
        Assert.NotEmpty(blocks);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("om-blocks-");
        try
        {
            foreach (CodeBlock block in blocks)
            {
                string file = Path.Combine(folder.FullName, $"{block.Page.Replace('/', '-')}-{block.Line}.{extension}");
                await File.WriteAllTextAsync(file, block.Code, TestContext.Current.CancellationToken);
                await NodePrograms.RunAsync(folder.FullName, program, [.. arguments, file]);
            }
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is missing.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"\b([A-Z][a-z]+){2,}\b", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex CompoundName();

    [GeneratedRegex(@"`(?<path>(Tests|Tests\.Stress|Grains|Silo|Client|docs)(/[\w./-]+)?)`", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex NamedFile();

    [GeneratedRegex(@"-(class|method|namespace) ""(?<pattern>[^""]+)""", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex NamedTests();
}
