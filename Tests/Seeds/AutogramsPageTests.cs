using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>The example of <c>docs/autograms.md</c> compiles and does what the page says.</summary>
public sealed class AutogramsPageTests(SharedHosts hosts)
{
    [Fact]
    public async Task The_example_of_the_page_runs()
    {
        GrainHost host = await hosts.InMemoryAsync();
        Conversation conversation = Clients.OfNewTenant(host).Get("page");
        var autogram = new Autogram(Greeter.RunAsync);

        Assert.Equal("Hi, can you tell me your name?", await autogram.ReplyAsync(conversation, "Hello"));
        Assert.Equal("Nice to meet you, Ann!", await autogram.ReplyAsync(conversation, "Ann"));
        Assert.Equal("\"Ann\"", (await conversation.GetEntryAsync("globals", "name"))!.Value);
    }

    [Fact]
    public void The_page_shows_this_example()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "OrleansMemory.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        string source = File.ReadAllText(Path.Combine(root, "Tests", "Seeds", "Greeter.cs"));
        string example = source[source.IndexOf("internal static class", StringComparison.Ordinal)..];
        Assert.Contains(example, File.ReadAllText(Path.Combine(root, "docs", "autograms.md")), StringComparison.Ordinal);
    }
}
