using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>
/// The examples of MassGen's memory document, in its order; those about long-term memory are in a file of their own.
/// </summary>
public sealed partial class MassGenTests(SharedHosts hosts) : IAsyncLifetime
{
    private GrainHost _host = null!;
    private ConversationClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await hosts.InMemoryAsync();
        _client = Clients.OfNewTenant(_host);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Architecture, 1. ConversationMemory. <c>docs/massgen.md</c> shows this code.</summary>
    [Fact]
    public async Task ConversationMemory_is_short_term_memory()
    {
        ConversationClient client = _client;
        var written = new List<string>();
        void Print(string line) => written.Add(line);

        // example
        // Initialize
        var memory = new ConversationMemory(client.Get("chat-1"));

        // Add messages
        await memory.AddAsync(new ChatMessage(ChatRole.User, "Hello!"));
        await memory.AddAsync(new ChatMessage(ChatRole.Assistant, "Hi there!"));

        // Retrieve messages
        IReadOnlyList<ChatMessage> messages = await memory.GetMessagesAsync();
        Print($"Stored {messages.Count} messages");

        // Get last 10 messages only
        IReadOnlyList<ChatMessage> recent = await memory.GetMessagesAsync(limit: 10);

        // Filter by role
        IReadOnlyList<ChatMessage> userMessages = await memory.GetMessagesByRoleAsync(ChatRole.User);

        // Manage memory size
        await memory.TruncateToSizeAsync(100); // Keep last 100 messages

        // Save state
        JsonElement state = await memory.StateDictAsync();

        // Clear all
        await memory.ClearAsync();

        // ... later ...
        var newMemory = new ConversationMemory(client.Get("chat-2"));
        await newMemory.LoadStateDictAsync(state);
        // end of example

        Assert.Equal(["Stored 2 messages"], written);
        Assert.Equal(["Hello!", "Hi there!"], recent.Select(message => message.Text));
        Assert.Equal(["Hello!"], userMessages.Select(message => message.Text));
        Assert.Equal(0, await memory.GetSizeAsync());
        Assert.Equal(["Hello!", "Hi there!"], (await newMemory.GetMessagesAsync()).Select(message => message.Text));
    }

    /// <summary>The same example in the document's own order: it clears before it saves, so there is nothing to load.</summary>
    [Fact]
    public async Task A_cleared_memory_saves_and_loads_as_an_empty_one()
    {
        var memory = new ConversationMemory(_client.Get("chat"));
        await memory.AddAsync(new ChatMessage(ChatRole.User, "Hello!"));
        await memory.TruncateToSizeAsync(100);
        Assert.Equal(1, await memory.GetSizeAsync());
        await memory.ClearAsync();
        JsonElement state = await memory.StateDictAsync();
        var newMemory = new ConversationMemory(_client.Get("new"));
        await newMemory.LoadStateDictAsync(state);
        Assert.Equal(0, await newMemory.GetSizeAsync());
    }

    /// <summary>Best practices and troubleshooting: truncate regularly.</summary>
    [Fact]
    public async Task Truncating_regularly_keeps_the_memory_small()
    {
        var memory = new ConversationMemory(_client.Get("long"));
        for (int i = 0; i < 30; i++)
        {
            await memory.AddAsync(new ChatMessage(ChatRole.User, i.ToString(CultureInfo.InvariantCulture)));
            await memory.TruncateToSizeAsync(10);
        }

        Assert.Equal(10, await memory.GetSizeAsync());
        Assert.Equal("29", (await memory.GetLastMessageAsync())!.Text);
    }
}
