using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MassGen;

/// <summary>A conversation that many append to at once is one whose memories work all the same.</summary>
public abstract class BusyConversationBehaviour
{
    private const int Handles = 300;
    private const int Appenders = 10;
    private const int Updates = 40;

    protected abstract Task<GrainHost> HostAsync();

    [Fact]
    public async Task Hundreds_of_additions_saves_and_updates_go_on_beside_hundreds_of_appends_and_none_fails()
    {
        GrainHost host = await HostAsync();
        string tenant = SharedHosts.NewTenant();
        ConversationClient client = Clients.OfTenant(host, tenant);
        Conversation conversation = client.Get("busy");
        await conversation.AppendAsync(Enumerable.Range(0, 1_000).Select(i => Of($"before {i}")));
        var manager = new GrainMemoryManager(client);
        await manager.StoreAsync(Input("first"));
        var appending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int appended = 0;
        bool isUpdated = false;

        Task[] appenders = [.. Enumerable.Range(0, Appenders).Select(_ => AppendAsync())];
        await appending.Task;
        Task<int>[] adds =
        [
            .. Enumerable
                .Range(0, Handles)
                .Select(i =>
                    new ConversationMemory(Clients.OfTenant(host, tenant).Get("busy")).AddAsync([
                        Of($"own {i}"),
                        Of($"same {i % 10}"),
                        Of("before 1"),
                    ])
                ),
        ];
        Task[] saves =
        [
            .. Enumerable
                .Range(0, Handles)
                .Select(i => new GrainMemoryStore(Clients.OfTenant(host, tenant)).SaveAsync("busy", "n", $"k{i}", i)),
        ];
        for (int i = 1; i <= Updates; i++)
        {
            await manager.UpdateAsync(Input($"update {i}"));
        }

        Volatile.Write(ref isUpdated, true);
        await Task.WhenAll([.. appenders, .. adds, .. saves]);

        Assert.True(appended >= Appenders * 50, $"{appended} appends went on beside them.");
        Assert.Equal(Handles + 10, (await Task.WhenAll(adds)).Sum());
        Assert.Equal(
            Enumerable.Range(0, Handles).ToDictionary(i => $"k{i}", i => i),
            await new GrainMemoryStore(client).GetAllAsync<int>("busy", "n")
        );
        Assert.Equal($"update {Updates}", Assert.Single(await manager.RetrieveAsync(Input("any"))).Text);
        string[] ids = [.. (await new ConversationMemory(conversation).GetMessagesAsync()).Select(message => message.MessageId!)];
        Assert.Equal(1_000 + Handles + 10 + appended, ids.Length);
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());

        async Task AppendAsync()
        {
            for (int i = 0; i < 50 || !Volatile.Read(ref isUpdated); i++)
            {
                await conversation.AppendAsync(new ChatMessage(ChatRole.User, "append"));
                Interlocked.Increment(ref appended);
                appending.TrySetResult();
            }
        }
    }

    private static ChatMessage Of(string id) => new(ChatRole.User, id) { MessageId = id };

    private static MemoryInput Input(string text) =>
        new()
        {
            ConversationId = "busy",
            MemoryType = ConversationMemoryType.WorkingMemory,
            Data = [new WorkingMemory(text)],
        };
}

public sealed class InMemoryBusyConversationTests(SharedHosts hosts) : BusyConversationBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.InMemoryAsync();
}

public sealed class PostgresBusyConversationTests(SharedHosts hosts) : BusyConversationBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.OnPostgresAsync();
}
