using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

public abstract partial class DurableMemoryBehaviour
{
    [Fact]
    public async Task Messages_of_others_are_no_turns_of_the_program()
    {
        Conversation conversation = NewConversation();
        await StartAsync(conversation);
        await conversation.AppendAsync(new ChatMessage(ChatRole.User, "from elsewhere"));
        MemoryObject memory = await MemoryObject.OpenAsync(conversation);
        memory.LogChatTurn("after");
        await memory.CommitAsync();
        memory = await MemoryObject.OpenAsync(conversation);

        Assert.Equal("user:start agent:after", await TurnTests.ViewAsync(memory));
        Assert.Equal(["start", "after"], (await memory.ExtractFullConversationHistoryAsync().ToListAsync()).Select(turn => turn.Content));
        Assert.Equal(["start", "from elsewhere", "after"], await TextsAsync(conversation));
    }

    [Fact]
    public async Task A_log_that_another_truncates_or_clears_loses_turns_and_breaks_nothing()
    {
        Conversation conversation = NewConversation();
        MemoryObject memory = await StartAsync(conversation);
        memory.LogChatTurn("2");
        memory.LogChatTurn("3");
        await memory.CommitAsync();
        await conversation.TruncateAsync(1);
        memory = await MemoryObject.OpenAsync(conversation);
        Assert.Equal("agent:3", await TurnTests.ViewAsync(memory));
        memory.LogChatTurn("4");
        await memory.CommitAsync();
        await conversation.ClearAsync();
        memory = await MemoryObject.OpenAsync(conversation);
        Assert.Equal("", await TurnTests.ViewAsync(memory));
        memory.LogChatTurn("5");
        Assert.Equal("agent:5", await TurnTests.ViewAsync(memory));
        await memory.CommitAsync();
        Assert.Equal("agent:5", await TurnTests.ViewAsync(await MemoryObject.OpenAsync(conversation)));
    }

    [Fact]
    public async Task A_fork_before_some_turns_goes_on_without_them()
    {
        Conversation conversation = NewConversation();
        MemoryObject memory = await StartAsync(conversation);
        memory.LogChatTurn("2");
        memory.LogChatTurn("3");
        await memory.CommitAsync();

        Conversation fork = await conversation.ForkAsync(NewId(), 2);
        MemoryObject forked = await MemoryObject.OpenAsync(fork);
        Assert.Equal("user:start agent:2", await TurnTests.ViewAsync(forked));
        forked.LogChatTurn("other");
        await forked.CommitAsync();

        Assert.Equal("user:start agent:2 agent:other", await TurnTests.ViewAsync(await MemoryObject.OpenAsync(fork)));
        Assert.Equal("user:start agent:2 agent:3", await TurnTests.ViewAsync(await MemoryObject.OpenAsync(conversation)));
    }

    [Fact]
    public async Task A_program_survives_export_and_import()
    {
        Conversation conversation = NewConversation();
        MemoryObject memory = await StartAsync(conversation);
        memory.ProcessFunctionExit("root", 3, new Dictionary<string, object?> { ["n"] = 1 }, "here");
        await memory.CommitAsync();
        var document = new MemoryStream();
        await conversation.ExportAsync(document);
        document.Position = 0;

        Conversation copy = NewConversation();
        await copy.ImportAsync(document);

        Assert.Equal(
            await memory.SerializeAsync(SerializationMode.Full),
            await (await MemoryObject.OpenAsync(copy)).SerializeAsync(SerializationMode.Full)
        );
    }

    [Fact]
    public async Task Globals_that_changed_or_went_commit_with_the_turn_and_others_are_not_written()
    {
        Conversation conversation = NewConversation();
        await conversation.SetEntryAsync(EntrySpaces.Globals, "kept", "{ \"as\": 1.0 }");
        await conversation.SetEntryAsync(EntrySpaces.Globals, "gone", "1");
        MemoryObject memory = await MemoryObject.OpenAsync(conversation);
        Assert.True(memory.Globals.Remove("gone"));
        memory.Globals.Set("new", ProgramJson.ToElement(2, "new", ProgramJson.DefaultOptions));
        await memory.CommitAsync();

        Assert.Equal(
            ["kept={ \"as\": 1.0 }", "new=2"],
            (await conversation.GetEntriesAsync(EntrySpaces.Globals)).Select(entry => $"{entry.Key}={entry.Value}")
        );
    }

    [Fact]
    public async Task Replacing_takes_the_place_of_memory_globals_and_messages_in_one_turn_once()
    {
        Conversation conversation = NewConversation();
        await StartAsync(conversation);
        await conversation.SetEntryAsync(EntrySpaces.Globals, "old", "1");
        MemoryObject memory = MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json);

        TurnReceipt receipt = await memory.ReplaceAsync(conversation, "put");
        Assert.Equal((3L, 2L, 6L), (receipt.Version, receipt.FirstSequence, receipt.LastSequence));
        TurnReceipt again = await MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json).ReplaceAsync(conversation, "put");
        Assert.Equal(receipt with { Replayed = true }, again);
        await Assert.ThrowsAsync<TurnConflictException>(() =>
            MemoryObject.Deserialize(Documents.With("version", "\"1\""), SerializationMode.Json).ReplaceAsync(conversation, "put")
        );
        await Assert.ThrowsAsync<VersionConflictException>(() =>
            MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json).ReplaceAsync(conversation, expectedVersion: 2)
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() => memory.ReplaceAsync(conversation));

        MemoryObject stored = await MemoryObject.OpenAsync(conversation);
        Assert.Equal(
            await MemoryObject.Deserialize(Documents.Paused, SerializationMode.Json).SerializeAsync(),
            await stored.SerializeAsync()
        );
        Assert.Equal(["name"], (await conversation.GetEntriesAsync(EntrySpaces.Globals)).Select(entry => entry.Key));
        memory.AddUserReply("Ann");
        Assert.Equal(4, (await memory.CommitAsync()).Version);
    }

    [Fact]
    public async Task A_memory_without_a_conversation_cannot_be_committed()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => new MemoryObject().CommitAsync());
        Conversation conversation = NewConversation();
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => MemoryObject.TryOpenAsync(conversation));
        await conversation.AppendAsync(new ChatMessage(ChatRole.User, "x"));
        Assert.Null(await MemoryObject.TryOpenAsync(conversation));
    }

    [Fact]
    public async Task Stored_configuration_counts_where_none_is_given()
    {
        Conversation conversation = NewConversation();
        var options = new MemoryObjectOptions
        {
            Config = new ProgramConfig { DefaultPrompt = "stored" },
            RootFunction = new RootFunction("chatbot", "name::m"),
        };
        await (await MemoryObject.OpenAsync(conversation, options)).CommitAsync();

        MemoryObject memory = await MemoryObject.OpenAsync(conversation);
        Assert.Equal(("stored", "chatbot"), (memory.Config.DefaultPrompt, memory.RootFunction?.Name));
        memory = await MemoryObject.OpenAsync(
            conversation,
            new MemoryObjectOptions { Config = new ProgramConfig { DefaultPrompt = "given" } }
        );
        Assert.Equal("given", memory.Config.DefaultPrompt);
    }

    [Fact]
    public async Task A_part_that_is_no_part_is_named()
    {
        Conversation conversation = NewConversation();
        await StartAsync(conversation);
        await conversation.SetEntryAsync(
            EntrySpaces.MemoryObject,
            "turn_stack",
            """[{"scope":"global","system_prompt":"x","turns":[[3,1]]}]"""
        );

        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => MemoryObject.OpenAsync(conversation));

        Assert.Equal("turn_stack[0].turns[0]", failure.Parameter);
    }
}
