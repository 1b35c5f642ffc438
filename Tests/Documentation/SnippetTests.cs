using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace OrleansMemory.Tests.Documentation;

/// <summary>What pages and members show compiles as it is printed.</summary>
public sealed partial class SnippetTests(CompiledSnippets snippets) : IClassFixture<CompiledSnippets>
{
    private static readonly string[] Documented = ["Grains", "Client", "Client.Postgres", "Client.AgentFramework", "Testing"];

    public static TheoryData<string> Pages => [.. DocumentPage.In("csharp").Select(block => block.Page).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_shows_compiles(string page)
    {
        CodeBlock[] blocks = [.. DocumentPage.In("csharp").Where(block => block.Page == page)];
        Assert.All(blocks.Where(block => IsProgram(block.Code)), block => Assert.Empty(snippets.Errors(block.Code)));
        Assert.Empty(snippets.Errors(ExampleProgram.Of([.. blocks.Where(block => !IsProgram(block.Code)).Select(block => block.Code)])));
    }

    [Fact]
    public void Examples_of_members_compile_and_the_members_people_meet_first_have_one()
    {
        (string Name, string Code)[] members =
        [
            .. from project in Documented
            from member in XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"OrleansMemory.{project}.xml")).Descendants("member")
            from code in member.Elements("example").Elements("code")
            select ((string)member.Attribute("name")!, code.Value),
        ];
        if (snippets.Errors(ExampleProgram.Of([.. members.Select(member => member.Code)])).Count > 0)
        {
            // One after the other, to say which.
            Assert.All(
                members,
                member =>
                    Assert.True(
                        snippets.Errors(ExampleProgram.Of(member.Code)) is [],
                        $"{member.Name}: {string.Join(' ', snippets.Errors(ExampleProgram.Of(member.Code)))}"
                    )
            );
        }

        Assert.True(members.Length >= 20, $"{members.Length} members have an example.");
    }

    /// <summary>A program says what it uses; anything else is a piece of one.</summary>
    private static bool IsProgram(string code) => Use().IsMatch(code);

    [GeneratedRegex(@"^using [A-Z][\w.]*;", RegexOptions.None, 5_000)]
    private static partial Regex Use();
}
