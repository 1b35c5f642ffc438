using System.ComponentModel;
using System.Text;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace OrleansMemory.Tests.Documentation;

/// <summary>Code of pages is code: each language is read by what speaks it. <see cref="SnippetTests"/> compiles the C#.</summary>
public sealed class CodeBlockTests
{
    // What programs print and pictures of characters: nothing reads them. Any other block names a language that is checked.
    private const string Output = "text";

    private static readonly string[] Checked = ["csharp", "json", "jsonc", "yaml", "sql", "bash", "sh", "js", "ts", "python", "mermaid"];

    // Pictures without a language.
    private static readonly string[] Pictures = ["docs/architecture.md"];

    [Fact]
    public void Every_block_says_in_which_language_it_is() => Assert.Empty(DocumentPage.All.SelectMany(page => page.Blocks)
        .Where(block => !Checked.Contains(block.Language) && block.Language != Output && !(block.Language.Length == 0 && Pictures.Contains(block.Page))));

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
    public Task Python_reads_Python() => DemandAsync("python3", ["-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())"], "py", "python");

    private static void ReadJson(string code, JsonCommentHandling comments)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(code), new JsonReaderOptions { AllowMultipleValues = true, CommentHandling = comments });
        while (reader.Read())
        {
        }
    }

    private static void Demand(string[] languages, Action<CodeBlock> read)
    {
        IReadOnlyList<CodeBlock> blocks = DocumentPage.In(languages);
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.True(Record.Exception(() => read(block)) is null, $"{block}: {Record.Exception(() => read(block))?.Message}"));
    }

    /// <summary>Has a program read every block of its languages; where the machine has no such program the test is left out and says so.</summary>
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
}
