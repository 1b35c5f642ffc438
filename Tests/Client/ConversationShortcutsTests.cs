using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Memories;
using OrleansMemory.Client.Runs;
using OrleansMemory.Conversations;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>What every application does, in one line each; and what a turn appended.</summary>
public sealed class ConversationShortcutsTests(SharedHosts hosts) : IAsyncLifetime
{
    private ConversationClient _client = null!;

    private Conversation Chat => _client.Get("c");

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Texts_are_appended_once_under_their_turn_ids()
    {
        await Chat.AppendUserAsync("hello", "t1");
        Assert.True((await Chat.AppendUserAsync("hello", "t1")).Replayed);
        await Chat.AppendAssistantAsync("hi");

        Assert.Equal(
            ["user[hello]", "assistant[hi]"],
            (await Chat.GetMessagesAsync()).Messages.Select(message => ProviderRules.Short(message.Message))
        );
        await Assert.ThrowsAsync<ArgumentNullException>(() => Chat.AppendUserAsync(null!));
    }

    [Fact]
    public async Task A_time_to_live_is_set_and_cleared_and_other_settings_stay()
    {
        await Chat.SetSettingsAsync(
            new SettingsChange
            {
                Values = new ConversationSettings { UserId = "u", Title = "t" },
                Fields = SettingsFields.All,
            }
        );

        await Chat.SetTimeToLiveAsync(TimeSpan.FromHours(2));
        Assert.Equal((TimeSpan.FromHours(2), false, "u", "t"), await SettingsAsync());
        await Chat.SetTimeToLiveAsync(new TimeToLive { Duration = TimeSpan.FromHours(3), Sliding = true });
        Assert.Equal((TimeSpan.FromHours(3), true, "u", "t"), await SettingsAsync());
        await Chat.SetTimeToLiveAsync(null);
        Assert.Equal((null, null, "u", "t"), await SettingsAsync());

        async Task<(TimeSpan?, bool?, string?, string?)> SettingsAsync()
        {
            ConversationSettings settings = (await Chat.GetHeadAsync())!.Settings;
            return (settings.TimeToLive?.Duration, settings.TimeToLive?.Sliding, settings.UserId, settings.Title);
        }
    }

    [Fact]
    public async Task Globals_are_typed_and_an_unknown_conversation_has_none()
    {
        var camel = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Assert.Null(await Chat.GetGlobalAsync<string>("name"));
        Assert.Equal(0, await Chat.GetGlobalAsync<int>("visits"));
        Assert.Empty(await Chat.GetGlobalsAsync());

        await Chat.SetGlobalAsync("name", "Ada\ud800");
        await Chat.SetGlobalAsync("visits", 3);
        await Chat.SetGlobalAsync("place", new Place("Rome", 2), camel);

        Assert.Equal(("Ada\ud800", 3), (await Chat.GetGlobalAsync<string>("name"), await Chat.GetGlobalAsync<int>("visits")));
        Assert.Equal(new Place("Rome", 2), await Chat.GetGlobalAsync<Place>("place", camel));
        Assert.Equal(["name", "place", "visits"], (await Chat.GetGlobalsAsync()).Keys);
        Assert.Equal("""{"city":"Rome","nights":2}""", (await Chat.GetGlobalsAsync())["place"].GetRawText());
        await Assert.ThrowsAsync<UnreadableValueException>(() => Chat.GetGlobalAsync<int>("name"));
        await Chat.RemoveGlobalAsync("name");
        Assert.Equal(["place", "visits"], (await Chat.GetGlobalsAsync()).Keys);
        await Assert.ThrowsAsync<ArgumentNullException>(() => Chat.RemoveGlobalAsync(null!));
    }

    [Fact]
    public async Task A_text_is_recorded_once_under_its_key_and_recalled()
    {
        RecordReceipt first = await _client.Memories(user: "u").RecordTextAsync("Ada likes quiet hotels in Rome", "k");
        RecordReceipt again = await _client.Memories(user: "u").RecordTextAsync("Ada likes quiet hotels in Rome", "k");

        Assert.Equal(first.MemoryIds, again.MemoryIds);
        RecallResult recalled = await _client.Memories(user: "u").RecallAsync("hotels");
        Assert.Equal(
            (MemoryKind.Fact, "Ada likes quiet hotels in Rome"),
            (recalled.Memories.Single().Memory.Kind, recalled.Memories.Single().Memory.Text)
        );
    }

    [Fact]
    public async Task A_turn_gives_back_what_it_appended_in_order_however_long()
    {
        await Chat.AppendUserAsync("before");
        ChatMessage[] many =
        [
            .. Enumerable.Range(0, 2_345).Select(i => new ChatMessage(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, $"{i}")),
        ];
        await Chat.AppendAsync(many, "long");
        await Chat.AppendUserAsync("after");
        await Chat.SetGlobalAsync("g", 1, turnId: "silent");

        IReadOnlyList<ConversationMessage> read = (await Chat.GetTurnMessagesAsync("long"))!;

        Assert.Equal(many.Select(message => message.Text), read.Select(message => message.Message.Text));
        Assert.Equal((2L, 2_346L), (read[0].Sequence, read[^1].Sequence));
        Assert.Empty((await Chat.GetTurnMessagesAsync("silent"))!);
        Assert.Null(await Chat.GetTurnMessagesAsync("unknown"));
        Assert.Null(await _client.Get("unknown").GetTurnMessagesAsync("long"));
    }

    [Fact]
    public async Task A_run_gives_back_its_input_and_its_answer()
    {
        ConversationChatClient run = new StrictChatClient().WithConversation(_client, options => options.ConversationId = "c");
        var options = new ChatOptions { AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = "run" } };
        await run.GetResponseAsync([new(ChatRole.System, "rules"), new(ChatRole.User, "hello")], options);

        Assert.Equal(
            ["system[rules]", "user[hello]", "assistant[answer 1]"],
            (await Chat.GetTurnMessagesAsync("run"))!.Select(message => $"{message.Message.Role}[{message.Message.Text}]")
        );
    }

    [Fact]
    public async Task Dropped_messages_are_told()
    {
        TurnReceipt receipt = await Chat.AppendAsync([new(ChatRole.User, "1"), new(ChatRole.Assistant, "2")], "t");
        await Chat.TruncateAsync(1);
        Assert.Equal(
            receipt.Version,
            (await Assert.ThrowsAsync<TurnMessagesDroppedException>(() => Chat.GetTurnMessagesAsync("t"))).CommittedVersion
        );
        await Chat.ClearAsync();
        await Assert.ThrowsAsync<TurnMessagesDroppedException>(() => Chat.GetTurnMessagesAsync("t"));
        await Chat.DeleteAsync();
        Assert.Null(await Chat.GetTurnMessagesAsync("t"));
    }

    private sealed record Place(string City, int Nights);
}
