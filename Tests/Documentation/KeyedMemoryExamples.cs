using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Documentation;

/// <summary>The examples of docs/memory-store.md and docs/arshai.md: what stands there stands here too, compiles and runs.</summary>
public sealed class KeyedMemoryExamples(SharedHosts hosts)
{
    public sealed class Chain(IMemoryStore memory)
    {
        public async Task RememberAsync(string sessionId)
        {
            await memory.SaveAsync(sessionId, "followups", "intent", "book-flight", ttl: TimeSpan.FromMinutes(10));
            string? intent = await memory.LoadAsync<string>(sessionId, "followups", "intent");
            Assert.Equal("book-flight", intent);
        }
    }

    public sealed class Notes(IMemoryManager memory)
    {
        public async Task<string?> RememberAsync(string conversationId)
        {
            var input = new MemoryInput { ConversationId = conversationId, Data = [new WorkingMemory("User's name is Alice")] };
            await memory.StoreAsync(input);
            IReadOnlyList<WorkingMemory> found = await memory.RetrieveAsync(new MemoryInput { ConversationId = conversationId });
            return found.Count > 0 ? found[0].Text : null;
        }
    }

    [Fact]
    public async Task The_examples_run()
    {
        GrainHost host = await hosts.InMemoryAsync();
        string session = Guid.NewGuid().ToString("N");
        IServiceCollection services = new ServiceCollection().AddLogging().AddSingleton(host.Grains);
        services.AddOrleansMemoryClient().AddMemoryStore();
        services.AddOrleansMemoryClient().AddMemoryManager(options => options.TimeToLive = TimeSpan.FromHours(1));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await ActivatorUtilities.CreateInstance<Chain>(provider).RememberAsync(session);
        Assert.Equal("User's name is Alice", await ActivatorUtilities.CreateInstance<Notes>(provider).RememberAsync(session));
    }

    [Theory]
    [InlineData("memory-store.md")]
    [InlineData("arshai.md")]
    public void Every_line_of_an_example_is_compiled_here(string page)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "OrleansMemory.sln")))
        {
            root = root.Parent;
        }

        string[] compiled = File.ReadAllLines(Path.Combine(root!.FullName, "Tests", "Documentation", "KeyedMemoryExamples.cs"));
        IEnumerable<string> examples = File.ReadAllText(Path.Combine(root.FullName, "docs", page))
            .Split("```csharp\n")
            .Skip(1)
            .SelectMany(block => block.Split("```")[0].Split('\n'));

        Assert.NotEmpty(examples);
        Assert.Empty(examples.Select(line => line.Trim()).Except(compiled.Select(line => line.Trim())));
    }
}
