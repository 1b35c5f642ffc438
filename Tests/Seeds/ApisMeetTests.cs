using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Seeds;

/// <summary>
/// The seeds' APIs work on one conversation: what one of them writes, the others read, and all of it is exported and imported.
/// </summary>
public sealed class ApisMeetTests(SharedHosts hosts) : IAsyncLifetime
{
    // Whose module it is does not matter while a memory is in use: its user globals are one dictionary.
    private static readonly UserGlobals Globals = UserGlobals.Init("apis-meet");

    private GrainHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await hosts.InMemoryAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Globals_of_a_program_are_read_and_written_by_the_memory_store()
    {
        string tenant = SharedHosts.NewTenant();
        ConversationClient client = Clients.OfTenant(_host, tenant);
        Conversation conversation = client.Get("meeting");
        var autogram = new Autogram(Greeter.RunAsync);
        var store = new GrainMemoryStore(client, new MemoryStoreOptions { Tenant = tenant });
        await autogram.ReplyAsync(conversation, "Hello");
        await autogram.ReplyAsync(conversation, "Ann");

        Assert.Equal("Ann", await store.LoadAsync<string>("meeting", MemoryStoreNamespaces.UserGlobals, "name"));
        await store.SaveAsync("meeting", MemoryStoreNamespaces.UserGlobals, "city", "Lisbon");

        Assert.Equal(["city=Lisbon", "name=Ann"], await GlobalsAsync(conversation));
        await store.DeleteAsync("meeting", MemoryStoreNamespaces.UserGlobals, "city");
        Assert.Equal(["name=Ann"], await GlobalsAsync(conversation));
    }

    [Fact]
    public async Task A_conversation_of_several_apis_is_exported_and_imported_whole()
    {
        string tenant = SharedHosts.NewTenant();
        ConversationClient client = Clients.OfTenant(_host, tenant);
        Conversation conversation = client.Get("whole");
        var store = new GrainMemoryStore(client, new MemoryStoreOptions { Tenant = tenant });
        await new Autogram(Greeter.RunAsync).ReplyAsync(conversation, "Hello");
        await store.SaveAsync("whole", "followups", "intent", "book-flight");
        await store.SaveAsync("whole", MemoryStoreNamespaces.UserGlobals, "city", "Lisbon");
        using var document = new MemoryStream();
        await conversation.ExportAsync(document);
        document.Position = 0;

        Conversation copy = client.Get("copy");
        await copy.ImportAsync(document);

        Assert.Equal((await conversation.GetEntriesAsync(null)).AsEnumerable(), (await copy.GetEntriesAsync(null)).AsEnumerable());
        Assert.Equal(await TextsAsync(conversation), await TextsAsync(copy));
        Assert.Equal("book-flight", await store.LoadAsync<string>("copy", "followups", "intent"));
        Assert.Equal("Nice to meet you, Ann!", await new Autogram(Greeter.RunAsync).ReplyAsync(copy, "Ann"));
        Assert.Equal("Ann", await store.LoadAsync<string>("copy", MemoryStoreNamespaces.UserGlobals, "name"));
        Assert.Null(await store.LoadAsync<string>("whole", MemoryStoreNamespaces.UserGlobals, "name"));
    }

    private static async Task<string[]> GlobalsAsync(Conversation conversation)
    {
        MemoryObject memory = await MemoryObject.OpenAsync(conversation);
        using IDisposable active = MemoryContext.Use(memory);
        return [.. Globals.Items.Select(item => $"{item.Key}={item.Value}").Order(StringComparer.Ordinal)];
    }

    private static async Task<List<string>> TextsAsync(Conversation conversation)
    {
        var texts = new List<string>();
        await foreach (Message message in conversation.StreamStoredMessagesAsync())
        {
            texts.Add($"{message.Sequence} {message.Role} {message.Contents} {message.Metadata}");
        }

        return texts;
    }
}
