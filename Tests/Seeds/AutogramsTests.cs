using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>The examples of <c>autograms-memory.md</c>, in its order.</summary>
public sealed class AutogramsTests(SharedHosts hosts)
{
    /// <summary>"Usage Example" of use_memory: a function runs with a memory active, and only then.</summary>
    [Fact]
    public async Task Use_memory()
    {
        var someMemoryObject = new MemoryObject();
        string result;
        using (MemoryContext.Use(someMemoryObject))
        {
            result = await ChatbotAsync();
        }

        Assert.Equal("active", result);
        Assert.Null(MemoryContext.Current);

        async Task<string> ChatbotAsync()
        {
            await Task.Yield();
            return ReferenceEquals(MemoryContext.Current, someMemoryObject) ? "active" : "not active";
        }
    }

    /// <summary>The usage of init_user_globals: initialize and assign; a second time is an error.</summary>
    [Fact]
    public void Init_user_globals()
    {
        UserGlobals userGlobals = UserGlobals.Init("AutogramsTests.usage");
        userGlobals["my_variable"] = 42;

        Assert.Equal(42L, userGlobals["my_variable"]);
        Assert.Throws<InvalidOperationException>(() => UserGlobals.Init("AutogramsTests.usage"));
    }

    /// <summary>"Example: Using UserGlobals": the name is set for the active conversation alone, and new ones start with none.</summary>
    [Fact]
    public async Task Using_user_globals()
    {
        UserGlobals userGlobals = UserGlobals.Init();

        // This initializes user_globals["name"] to null for all new users.
        userGlobals["name"] = null;
        var autogram = new Autogram(ChatbotAsync, new MemoryObjectOptions { RootFunction = RootFunction.Here(nameof(ChatbotAsync)) });
        GrainHost host = await hosts.InMemoryAsync();
        Conversation ann = Clients.OfNewTenant(host).Get("ann");
        Conversation bob = Clients.OfNewTenant(host).Get("bob");

        Assert.Equal("Hi, can you tell me your name?", await autogram.ReplyAsync(ann, "Hello"));
        Assert.Equal("Hi, can you tell me your name?", await autogram.ReplyAsync(bob, "Hello"));
        Assert.Null(await autogram.ReplyAsync(ann, "I am Ann"));

        Assert.Equal("\"Ann\"", (await ann.GetEntryAsync(EntrySpaces.Globals, "name"))!.Value);
        Assert.Equal("null", (await bob.GetEntryAsync(EntrySpaces.Globals, "name"))!.Value);
        Assert.Null(userGlobals["name"]);

        Task<string?> ChatbotAsync(MemoryObject memory, CancellationToken cancellationToken)
        {
            const string Question = "Hi, can you tell me your name?";
            if (!memory.ProcessCall().IsResume)
            {
                memory.LogChatTurn(Question, 1, nameof(ChatbotAsync));
                memory.ProcessFunctionExit(nameof(ChatbotAsync), 1);
                return Task.FromResult<string?>(Question);
            }

            // Where the original asks a model, the test knows the answer.
            string said = memory.CachedUserReply!;
            memory.LogClassifierTurn("yes", said, "yes", new[] { "yes", "no" });
            userGlobals["name"] = said.Split(' ')[^1];
            memory.ProcessReturn();
            return Task.FromResult<string?>(null);
        }
    }
}
