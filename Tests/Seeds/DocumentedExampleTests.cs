using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>The pages show code that runs: the example of a test, word for word.</summary>
public sealed class DocumentedExampleTests
{
    [Theory]
    [InlineData("docs/massgen.md", "Tests/Seeds/MassGenTests.cs", 0)]
    [InlineData("docs/massgen.md", "Tests/Seeds/MassGenTests.LongTerm.cs", 1)]
    [InlineData("docs/agent-framework.md", "Tests/Seeds/AgentFrameworkTests.cs", 0)]
    public void A_page_shows_the_code_of_its_test(string page, string test, int block)
    {
        string[] code =
        [
            .. File.ReadLines(Path.Combine(Root(), test))
                .Select(line => line.Trim())
                .SkipWhile(line => line != "// example")
                .Skip(1)
                .TakeWhile(line => line != "// end of example"),
        ];
        IEnumerable<string> rest = File.ReadLines(Path.Combine(Root(), page))
            .Select(line => line.Trim())
            .SkipWhile(line => line != "```csharp")
            .Skip(1);
        for (int i = 0; i < block; i++)
        {
            rest = rest.SkipWhile(line => line != "```csharp").Skip(1);
        }

        string[] shown = [.. rest.TakeWhile(line => line != "```")];
        Assert.NotEmpty(code);
        Assert.Equal(code, shown);
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "OrleansMemory.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the checkout.");
    }
}
