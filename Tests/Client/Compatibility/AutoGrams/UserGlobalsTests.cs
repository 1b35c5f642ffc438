using System.Text.Json;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Client.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

public sealed class UserGlobalsTests(SharedHosts hosts)
{
    [Fact]
    public void A_module_is_initialized_once_by_file_or_by_name()
    {
        UserGlobals byFile = UserGlobals.Init();
        UserGlobals byName = UserGlobals.Init("UserGlobalsTests.named");

        Assert.StartsWith("file::", byFile.Module, StringComparison.Ordinal);
        Assert.EndsWith("UserGlobalsTests.cs", byFile.Module, StringComparison.Ordinal);
        Assert.Equal("name::UserGlobalsTests.named", byName.Module);
        Assert.Equal(
            "User globals can only be initialized once per module",
            Assert.Throws<InvalidOperationException>(() => UserGlobals.Init()).Message
        );
        Assert.Throws<InvalidOperationException>(() => UserGlobals.Init("UserGlobalsTests.named"));
        Assert.StartsWith("id::", ModuleId.Create(null, null), StringComparison.Ordinal);
        Assert.NotEqual(ModuleId.Create(null, ""), ModuleId.Create(null, ""));
    }

    [Fact]
    public void They_are_a_dictionary()
    {
        UserGlobals globals = UserGlobals.Init("UserGlobalsTests.dictionary");
        globals["name"] = "Ann";
        globals["age"] = 30;
        globals["list"] = new[] { 1, 2 };
        globals["nothing"] = null;

        Assert.Equal(("Ann", 30L, null), (globals["name"], globals["age"], globals["nothing"]));
        Assert.Equal(30, globals.Get<int>("age"));
        Assert.Equal([1, 2], globals.Get<int[]>("list")!);
        Assert.Equal(7, globals.Get("unknown", 7));
        Assert.Null(globals.Get<string>("nothing", "default"));
        Assert.True(globals.Contains("nothing"));
        Assert.Equal(["name", "age", "list", "nothing"], globals.Keys);
        Assert.Equal((4, 4, 4), (globals.Count, globals.Values.Count, globals.Items.Count));
        Assert.Equal("UserGlobals({\"name\":\"Ann\",\"age\":30,\"list\":[1,2],\"nothing\":null})", globals.ToString());
        globals.Remove("age");
        Assert.False(globals.Contains("age"));
        Assert.Throws<KeyNotFoundException>(() => globals.Remove("age"));
        Assert.Throws<KeyNotFoundException>(() => globals["age"]);
        Assert.Throws<KeyNotFoundException>(() => globals.Get<int>("age"));
        Assert.Throws<ArgumentException>(() => globals[""] = 1);
        Assert.Equal("user_globals.stream", Assert.Throws<UnserializableValueException>(() => globals["stream"] = new MemoryStream()).Path);
        globals.Clear();
        Assert.Equal(0, globals.Count);
        Assert.Equal("UserGlobals({})", globals.ToString());
    }

    [Fact]
    public void Defaults_start_new_memories_of_the_root_functions_module_only()
    {
        UserGlobals globals = UserGlobals.Init("UserGlobalsTests.defaults");
        UserGlobals other = UserGlobals.Init("UserGlobalsTests.other");
        globals["items"] = new List<string> { "a" };
        other["theirs"] = 1;
        var options = new MemoryObjectOptions { RootFunction = RootFunction.Here("chatbot", "UserGlobalsTests.defaults") };
        var before = new MemoryObject(options);
        globals["late"] = true;
        var after = new MemoryObject(options);

        using (MemoryContext.Use(before))
        {
            Assert.Equal(["items"], globals.Keys);
            Assert.Equal(["items"], other.Keys);
            globals["items"] = new[] { "changed" };
            other["shared"] = "one set for all modules";
            Assert.True(globals.Contains("shared"));
        }

        using (MemoryContext.Use(after))
        {
            Assert.Equal(["items", "late"], globals.Keys);
            Assert.Equal(["a"], globals.Get<string[]>("items")!);
        }

        using (MemoryContext.Use(new MemoryObject()))
        {
            Assert.Equal(0, globals.Count);
        }

        Assert.Equal(["a"], globals.Get<string[]>("items")!);
        Assert.Equal(["theirs"], other.Keys);
    }

    [Fact]
    public void A_simple_memory_has_globals_of_its_own()
    {
        UserGlobals globals = UserGlobals.Init("UserGlobalsTests.simple");
        globals["a"] = "default";
        var memory = new SimpleMemory();
        using (MemoryContext.Use(memory))
        {
            Assert.Equal(0, globals.Count);
            globals["a"] = "own";
        }

        Assert.Equal("default", globals["a"]);
        using (MemoryContext.Use(memory))
        {
            Assert.Equal("own", globals["a"]);
        }
    }

    [Fact]
    public async Task Conversations_that_run_at_once_never_see_each_others_values_in_any_schedule()
    {
        UserGlobals globals = UserGlobals.Init("UserGlobalsTests.isolation");
        globals["n"] = 0;
        GrainHost host = await hosts.InMemoryAsync();
        ConversationClient client = Clients.OfNewTenant(host);
        var options = new MemoryObjectOptions { RootFunction = RootFunction.Here("f", "UserGlobalsTests.isolation") };
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            Runner[] runners = [.. Enumerable.Range(0, 5).Select(i => new Runner($"{seed}-{i}", globals, client, options))];
            List<Task> runs = [.. runners.Select(runner => runner.RunAsync())];

            // Each step of each conversation is let through alone, in a random order.
            List<Runner> order = [.. runners.SelectMany(runner => Enumerable.Repeat(runner, Runner.Steps))];
            foreach (Runner runner in order.OrderBy(_ => random.Next()))
            {
                await runner.LetStepAsync();
            }

            await Task.WhenAll(runs).WithTimeout();
            Assert.All(runners, runner => Assert.Equal(string.Concat(Enumerable.Repeat(runner.Id, Runner.Steps)), runner.Seen));
            Assert.Equal(0L, globals["n"]);
        }
    }

    private sealed class Runner(string id, UserGlobals globals, ConversationClient client, MemoryObjectOptions options)
    {
        public const int Steps = 6;

        private readonly SemaphoreSlim _mayStep = new(0);
        private readonly SemaphoreSlim _stepped = new(0);

        public string Id => id;

        public string Seen { get; private set; } = "";

        public async Task LetStepAsync()
        {
            _mayStep.Release();
            Assert.True(await _stepped.WaitAsync(Timings.Patience));
        }

        public async Task RunAsync()
        {
            Conversation conversation = client.Get(id);
            MemoryObject memory = await MemoryObject.OpenAsync(conversation, options);
            using (MemoryContext.Use(memory))
            {
                for (int step = 0; step < Steps; step++)
                {
                    Assert.True(await _mayStep.WaitAsync(Timings.Patience));
                    Assert.Equal(step, globals.Get<int>("n"));
                    await Task.Run(() => globals["n"] = step + 1);
                    globals["text"] = globals.Get("text", "") + id;
                    await memory.CommitAsync();
                    _stepped.Release();
                }

                Seen = globals.Get<string>("text")!;
            }

            Assert.Equal(JsonSerializer.Serialize(Seen), (await conversation.GetEntryAsync("globals", "text"))!.Value);
        }
    }
}
