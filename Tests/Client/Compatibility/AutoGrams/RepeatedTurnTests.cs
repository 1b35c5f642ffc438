using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>A turn of a program that is sent again gives its first answer, and the program does not run.</summary>
public sealed class RepeatedTurnTests(SharedHosts hosts) : IAsyncLifetime
{
    private ConversationClient _client = null!;
    private int _runs;

    private Conversation Conversation => _client.Get("p");

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Each_turn_gives_its_own_answer_also_when_the_program_has_gone_on()
    {
        Autogram interview = Interview.Make();
        string?[] said = ["hello", "Ann", "30", null];
        var replies = new List<string?>();
        for (int i = 0; i < said.Length; i++)
        {
            replies.Add(await interview.ReplyAsync(Conversation, said[i], $"t{i}"));
        }

        Assert.Equal(["What is your name?", "How old are you, Ann?", "Ann is 30.", null], replies);
        long version = (await Conversation.GetHeadAsync())!.Version;
        for (int i = said.Length - 1; i >= 0; i--)
        {
            Assert.Equal(replies[i], await Interview.Make().ReplyAsync(Conversation, said[i], $"t{i}"));
        }

        Assert.Equal(version, (await Conversation.GetHeadAsync())!.Version);
        await Assert.ThrowsAsync<TurnConflictException>(() => interview.ReplyAsync(Conversation, "Bob", "t1"));
    }

    [Theory]
    [InlineData("logged", "logged")]
    [InlineData("logged", "another")]
    [InlineData("logged", null)]
    [InlineData(null, "another")]
    [InlineData(null, "")]
    [InlineData(null, null)]
    [InlineData("", "")]
    public async Task What_the_program_returned_is_the_answer_whatever_it_logged(string? logged, string? returned)
    {
        Autogram autogram = Counting(logged, returned);

        Assert.Equal(returned, await autogram.ReplyAsync(Conversation, "x", "t"));
        Assert.Equal(returned, await autogram.ReplyAsync(Conversation, "x", "t"));

        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task Two_at_once_get_one_answer()
    {
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int entered = 0;
        int made = 0;
        var autogram = new Autogram(
            async (memory, _) =>
            {
                if (Interlocked.Increment(ref entered) == 2)
                {
                    both.SetResult();
                }

                await both.Task;
                memory.ProcessCall();
                string reply = $"answer {Interlocked.Increment(ref made)}";
                memory.LogChatTurn(reply);
                memory.ProcessFunctionExit("root", 1);
                return reply;
            }
        );

        string?[] replies = await Task.WhenAll(autogram.ReplyAsync(Conversation, "x", "t"), autogram.ReplyAsync(Conversation, "x", "t"));

        Assert.Equal(replies[0], replies[1]);
        Assert.Equal(2, (await Conversation.GetHeadAsync())!.LastSequence);
    }

    [Fact]
    public async Task A_program_that_throws_leaves_a_memory_that_says_so_and_a_conversation_that_is_as_before()
    {
        bool fails = true;
        var autogram = new Autogram(
            (memory, _) =>
            {
                memory.ProcessCall();
                return fails ? throw new InvalidOperationException("no") : Task.FromResult<string?>(Said(memory));
            }
        );
        MemoryObject memory = autogram.NewMemory();
        string before = await memory.SerializeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => autogram.ReplyAsync("x", memory));
        await Assert.ThrowsAsync<InvalidOperationException>(() => autogram.ReplyAsync(Conversation, "x", "t"));

        fails = false;
        Assert.Contains(
            "has thrown",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => autogram.ReplyAsync("x", memory))).Message,
            StringComparison.Ordinal
        );
        Assert.Equal("said", (await autogram.ReplyAsync("x", autogram.Deserialize(before))).Reply);
        Assert.Equal("said", await autogram.ReplyAsync(Conversation, "x", "t"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("RepeatedTurnTests.other")]
    public async Task A_full_load_keeps_the_root_functions_module(string? other)
    {
        string name = $"RepeatedTurnTests.{Guid.NewGuid():N}";
        UserGlobals globals = UserGlobals.Init(name);
        globals["city"] = "Lisbon";
        var options = new MemoryObjectOptions { RootFunction = RootFunction.Here("shop", name) };
        var shop = new Autogram((_, _) => Task.FromResult<string?>(null), options);
        string full = await shop.NewMemory().SerializeAsync(SerializationMode.Full);

        var loader = new Autogram(
            (_, _) => Task.FromResult<string?>(null),
            other is null ? options : new MemoryObjectOptions { RootFunction = RootFunction.Here("else", other) }
        );
        loader.Deserialize(full, SerializationMode.Full);

        Assert.Equal(options.RootFunction, loader.RootFunction);
        using (MemoryContext.Use(loader.NewMemory()))
        {
            Assert.Equal("Lisbon", globals["city"]);
        }
    }

    [Fact]
    public async Task Setting_a_global_to_the_same_value_ends_its_time_to_live()
    {
        UserGlobals globals = UserGlobals.Init($"RepeatedTurnTests.{Guid.NewGuid():N}");
        await Conversation.CommitAsync(
            new Turn
            {
                TurnId = "a",
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = EntrySpaces.Globals,
                        Key = "city",
                        Value = "\"Lisbon\"",
                        TimeToLive = TimeSpan.FromDays(1),
                    },
                ],
            }
        );
        MemoryObject memory = await MemoryObject.OpenAsync(Conversation);
        using (MemoryContext.Use(memory))
        {
            globals["city"] = "Lisbon";
        }

        await memory.CommitAsync();
        long version = memory.ConversationVersion;
        await memory.CommitAsync();

        Assert.Null((await Conversation.GetEntriesAsync()).Single(entry => entry is { Space: EntrySpaces.Globals, Key: "city" }).ExpiresAt);
        Assert.Equal(version, memory.ConversationVersion);
    }

    private Autogram Counting(string? logged, string? returned) =>
        new(
            (memory, _) =>
            {
                _runs++;
                memory.ProcessCall();
                if (logged is not null)
                {
                    memory.LogChatTurn(logged);
                }

                memory.ProcessFunctionExit("root", 1);
                return Task.FromResult(returned);
            }
        );

    private static string Said(MemoryObject memory)
    {
        memory.LogChatTurn("said");
        memory.ProcessFunctionExit("root", 1);
        return "said";
    }
}
