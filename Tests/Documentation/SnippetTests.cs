using System.Xml.Linq;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Documentation;

/// <summary>What packages and members show as a first example compiles as it is printed.</summary>
public sealed class SnippetTests(CompiledSnippets snippets) : IClassFixture<CompiledSnippets>
{
    // Whoever reads an example has these already.
    private const string Surroundings = """
        using System.Text.Json;
        using Microsoft.AspNetCore.Mvc.Testing;
        using Microsoft.AspNetCore.TestHost;
        using Microsoft.Extensions.AI;
        using OrleansMemory.Client;
        using OrleansMemory.Client.Feed;
        using OrleansMemory.Client.Memories;
        using OrleansMemory.Client.Postgres;
        using OrleansMemory.Client.Runs;
        using OrleansMemory.Client.Transfer;
        using OrleansMemory.Client.Windows;
        using OrleansMemory.Conversations;
        using OrleansMemory.Grains.Hosting;
        using OrleansMemory.Memories;
        using OrleansMemory.Testing;
        using OrleansMemory.Users;

        await Task.Yield();

        public partial class Program
        {
        #examples#
        }
        """;

    private const string Example = """
            private static async Task Example#number#Async(#surroundings#)
            {
                await Task.Yield();
        #code#
            }

        """;

    private static readonly (string Name, string Declaration)[] Known =
    [
        ("client", "ConversationClient client"),
        ("conversation", "Conversation conversation"),
        ("builder", "WebApplicationBuilder builder"),
        ("app", "WebApplication app"),
        ("model", "IChatClient model"),
        ("connectionString", "string connectionString"),
        ("host", "MemoryTestHost host"),
    ];

    private static readonly string[] Documented = ["Grains", "Client", "Client.Postgres", "Client.AgentFramework", "Testing"];

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Checkout.Root, "PACKAGE.md", SearchOption.AllDirectories).Select(Relative).Append("docs/testing.md").Append("docs/telemetry.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_shows_compiles(string page) => Assert.All(
        CompiledSnippets.Blocks(File.ReadAllText(Path.Combine(Checkout.Root, page))), block => Assert.Empty(snippets.Errors(block)));

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
        if (snippets.Errors(Program([.. members.Select(member => member.Code)])).Count > 0)
        {
            // One after the other, to say which.
            Assert.All(members, member => Assert.True(snippets.Errors(Program(member.Code)) is [], $"{member.Name}: {string.Join(' ', snippets.Errors(Program(member.Code)))}"));
        }

        Assert.True(members.Length >= 20, $"{members.Length} members have an example.");
    }

    /// <summary>Each example in a method that is given what it names and does not declare itself.</summary>
    private static string Program(params string[] examples) => Surroundings.Replace("#examples#", string.Concat(examples.Select(Method)), StringComparison.Ordinal);

    private static string Method(string code, int number) => Example
        .Replace("#number#", $"{number}", StringComparison.Ordinal)
        .Replace("#surroundings#", string.Join(", ", Known.Where(known => !code.Contains($" {known.Name} =", StringComparison.Ordinal)).Select(known => known.Declaration)), StringComparison.Ordinal)
        .Replace("#code#", code, StringComparison.Ordinal);

    private static string Relative(string file) => Path.GetRelativePath(Checkout.Root, file).Replace('\\', '/');
}
