using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>States that are larger than a turn may be are loaded whole.</summary>
public sealed class LargeStateTests(SharedHosts hosts, SmallTurnsHost small) : IClassFixture<SmallTurnsHost>
{
    private const int Many = 12_000;

    [Fact]
    public async Task A_state_of_12_000_messages_is_loaded()
    {
        ConversationClient client = Clients.OfNewTenant(await hosts.InMemoryAsync());
        var memory = new ConversationMemory(client.Get("source"));
        await memory.AddAsync(Texts("new", Many / 2));
        await memory.AddAsync(Texts("more", Many / 2));
        JsonElement state = await memory.StateDictAsync();
        var loaded = new ConversationMemory(client.Get("target"));
        await loaded.AddAsync(Texts("old", 3));

        await loaded.LoadStateDictAsync(state);

        Assert.True(state.GetRawText() == (await loaded.StateDictAsync()).GetRawText(), "The loaded state is another one.");
    }

    [Fact]
    public async Task A_state_that_was_cut_off_goes_on_and_leaves_nothing_of_the_old_one()
    {
        // It begins with the result of a call that the old state has, and turns hold 4 messages.
        string state =
            """{"messages":[{"role":"tool","id":"r","tool_call_id":"call","content":"x"},"""
            + string.Join(',', Enumerable.Range(0, 9).Select(i => $$"""{"role":"user","id":"{{i}}","content":"new {{i}}"}"""))
            + "]}";
        for (int cutAt = 1; cutAt <= 5; cutAt++)
        {
            foreach (bool isCommitted in (bool[])[false, true])
            {
                string id = $"cut-{cutAt}-{isCommitted}";
                var memory = new ConversationMemory(Clients.Of(small.Host).Get("tests", id));
                await memory.AddAsync(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("call", "f")]) { MessageId = "c" });
                await memory.AddAsync(Texts("old", 3));
                (ConversationClient client, CutGrain cut) = CutGrain.Of(small.Host.Conversation(id));
                cut.EndsAt(cutAt, isCommitted);

                await Assert.ThrowsAsync<CutException>(() =>
                    new ConversationMemory(client.Get("tests", id)).LoadStateDictAsync(JsonElement.Parse(state), turnId: "load")
                );
                await memory.LoadStateDictAsync(JsonElement.Parse(state), turnId: "load");
                await memory.LoadStateDictAsync(JsonElement.Parse(state), turnId: "load");

                Assert.Equal(
                    ["r", .. Enumerable.Range(0, 9).Select(i => $"{i}")],
                    (await memory.GetMessagesAsync()).Select(message => message.MessageId)
                );
                Assert.Equal(14, (await memory.Conversation.GetHeadAsync())!.LastSequence);
            }
        }
    }

    [Fact]
    public async Task A_turn_of_somebody_else_while_a_state_is_loaded_is_a_conflict_that_loses_nothing()
    {
        var memory = new ConversationMemory(Clients.Of(small.Host).Get("tests", "other"));
        await memory.AddAsync(Texts("old", 3));
        (ConversationClient client, CutGrain cut) = CutGrain.Of(small.Host.Conversation("other"));
        cut.Before = turn => turn == 2 ? memory.AddAsync(new ChatMessage(ChatRole.User, "other")) : Task.CompletedTask;
        JsonElement state = JsonElement.Parse(
            $$"""{"messages":[{{string.Join(',', Enumerable.Range(0, 6).Select(i => $$"""{"role":"user","content":"new {{i}}"}"""))}}]}"""
        );

        await Assert.ThrowsAsync<VersionConflictException>(() =>
            new ConversationMemory(client.Get("tests", "other")).LoadStateDictAsync(state)
        );

        Assert.Equal(
            ["old 0", "old 1", "old 2", "new 0", "new 1", "new 2", "new 3", "other"],
            (await memory.GetMessagesAsync()).Select(message => message.Text)
        );
        await memory.LoadStateDictAsync(state);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"new {i}"), (await memory.GetMessagesAsync()).Select(message => message.Text));
    }

    private static IEnumerable<ChatMessage> Texts(string name, int count) =>
        Enumerable.Range(0, count).Select(i => new ChatMessage(ChatRole.User, $"{name} {i}"));
}
