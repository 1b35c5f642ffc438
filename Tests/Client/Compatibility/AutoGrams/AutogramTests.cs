using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

public sealed class AutogramTests(SharedHosts hosts)
{
    [Fact]
    public async Task A_program_is_run_reply_by_reply_and_ends_with_no_reply()
    {
        Autogram autogram = Interview.Make();
        (string? reply, MemoryObject memory) = await autogram.ReplyAsync("hello");
        Assert.Equal("What is your name?", reply);
        memory = autogram.Deserialize(await memory.SerializeAsync());
        (reply, _) = await autogram.ReplyAsync("Ann", memory);
        Assert.Equal("How old are you, Ann?", reply);
        (reply, _) = await autogram.ReplyAsync("30", memory);
        Assert.Equal("Ann is 30.", reply);
        (reply, _) = await autogram.ReplyAsync(memory: memory);

        Assert.Null(reply);
        Assert.Equal((-1, 0), (memory.StackPointer, memory.CallDepth));
        Assert.Equal(
            [
                "user:hello",
                "assistant:What is your name?",
                "user:Ann",
                "assistant:How old are you, Ann?",
                "user:30",
                "assistant:Ann is 30.",
                "user:",
            ],
            (await memory.ExtractFullConversationHistoryAsync().ToListAsync()).Select(turn => $"{turn.Role}:{turn.Content}")
        );
    }

    [Fact]
    public async Task Reply_logs_an_empty_reply_and_apply_only_one_that_is_given()
    {
        Autogram autogram = Interview.Make();

        (_, MemoryObject replied) = await autogram.ReplyAsync();
        (_, MemoryObject applied) = await autogram.ApplyAsync();

        Assert.Equal(["user_reply", "agent_reply"], (await replied.GetModelTurnsAsync().ToListAsync()).Select(turn => turn.EntryType));
        Assert.Equal(["agent_reply"], (await applied.GetModelTurnsAsync().ToListAsync()).Select(turn => turn.EntryType));
        (_, applied) = await autogram.ApplyAsync("Ann");
        Assert.Equal(["user_reply", "agent_reply"], (await applied.GetModelTurnsAsync().ToListAsync()).Select(turn => turn.EntryType));
    }

    [Fact]
    public async Task The_memory_is_active_while_the_program_runs_and_has_the_runners_test_mode()
    {
        var autogram = new Autogram(
            (memory, _) =>
            {
                Assert.Same(memory, MemoryContext.Current);
                Assert.True(memory.TestMode);
                Autogram.AddUserReply("more");
                return Task.FromResult<string?>(null);
            }
        )
        {
            TestMode = true,
        };

        (_, MemoryObject memory) = await autogram.ReplyAsync("x");

        Assert.Null(MemoryContext.Current);
        Assert.Equal("more", memory.CachedUserReply);
        Assert.Equal(
            "memory must be set to add user reply",
            Assert.Throws<InvalidOperationException>(() => Autogram.AddUserReply("x")).Message
        );
    }

    [Fact]
    public async Task Loading_a_full_memory_replaces_configuration_and_root_function_of_the_runner()
    {
        Autogram theirs = Interview.Make(
            new MemoryObjectOptions
            {
                Config = new ProgramConfig { DefaultPrompt = "theirs" },
                RootFunction = new RootFunction("their_root"),
            }
        );
        Autogram ours = Interview.Make();
        MemoryObject memory = theirs.NewMemory();

        ours.Deserialize(await memory.SerializeAsync());
        Assert.Equal("You are an agent.", ours.Config.DefaultPrompt);
        string file = Path.Combine(Path.GetTempPath(), $"orleans-memory-{Guid.NewGuid():N}.json");
        try
        {
            await memory.SaveAsync(file, SerializationMode.Full);
            await ours.LoadAsync(file, SerializationMode.Full);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal(("theirs", "their_root"), (ours.Config.DefaultPrompt, ours.RootFunction?.Name));
        Assert.Equal("theirs", ours.NewMemory().Config.DefaultPrompt);
    }

    [Fact]
    public async Task A_durable_turn_opens_runs_and_commits()
    {
        GrainHost host = await hosts.InMemoryAsync();
        var conversation = Clients.OfNewTenant(host).Get("interview");
        Autogram autogram = Interview.Make();

        Assert.Equal("What is your name?", await autogram.ReplyAsync(conversation, "hello", "t1"));
        Assert.Equal("How old are you, Ann?", await autogram.ReplyAsync(conversation, "Ann", "t2"));

        Assert.Equal((2L, 4L), ((await conversation.GetHeadAsync())!.Version, (await conversation.GetHeadAsync())!.LastSequence));
    }
}
