using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansMemory.Client;
using OrleansMemory.Client.Memories;
using OrleansMemory.Client.Runs;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Testing;

/// <summary>What applications test with: the host, its clock, and an application under test that is led to it.</summary>
public sealed class MemoryTestHostTests(MemoryTestHostTests.SharedHost shared) : IClassFixture<MemoryTestHostTests.SharedHost>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private MemoryTestHost Host => shared.Host;

    [Fact]
    public async Task A_conversation_is_what_was_said_also_after_it_was_unloaded()
    {
        Conversation conversation = Host.Client.Get("said");
        await conversation.AppendAsync([new ChatMessage(ChatRole.User, "Where to?")]);
        await Host.UnloadAsync(conversation);
        Assert.Equal("Where to?", Assert.Single((await conversation.GetMessagesAsync(new MessageQuery())).Messages).Message.Text);
    }

    [Fact]
    public async Task Its_clock_stands_until_it_is_moved_and_expires_what_is_over()
    {
        Conversation conversation = Host.Client.Get("over");
        DateTimeOffset now = Host.Clock.GetUtcNow(); // Instants are kept in microseconds.
        await conversation.SetEntryAsync("space", "key", "1", TimeSpan.FromHours(1));
        Assert.Equal(now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)), (await conversation.GetHeadAsync())!.CreatedAt);
        Host.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.NotNull(await conversation.GetEntryAsync("space", "key"));
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await conversation.GetEntryAsync("space", "key"));
    }

    [Fact]
    public async Task Memories_are_recalled()
    {
        await Host
            .Client.Memories(user: "alice")
            .RecordAsync(new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "Alice breeds llamas." }] });
        RecallResult result = await Host.Client.Memories(user: "alice").RecallAsync(new RecallRequest { Query = "llamas" });
        Assert.Equal("Alice breeds llamas.", Assert.Single(result.Memories).Memory.Text);
    }

    [Fact]
    public async Task Options_reach_conversations_client_and_silo()
    {
        await using MemoryTestHost host = await MemoryTestHost.StartAsync(options =>
        {
            options.StartsAt = Start;
            options.ConfigureConversations = conversations => conversations.MaxTurnMessages = 1;
            options.ConfigureClient = client => client.DefaultTenant = "theirs";
            options.ConfigureSilo = silo => silo.Services.AddSingleton("added");
        });
        Conversation conversation = host.Client.Get("c");
        await conversation.AppendAsync([new ChatMessage(ChatRole.User, "one")]);
        Assert.Equal(("theirs", Start), (conversation.Key.Tenant, (await conversation.GetHeadAsync())!.CreatedAt));
        await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            conversation.AppendAsync([new ChatMessage(ChatRole.User, "1"), new ChatMessage(ChatRole.User, "2")])
        );
        Assert.Equal("added", host.Services.GetRequiredService<string>());
    }

    [Fact]
    public async Task An_application_under_test_uses_the_host_in_place_of_its_own_silo()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();

        // As it is written: with a database that no test has.
        builder.UseOrleans(silo =>
            silo.AddOrleansMemory().UsePostgresStorage(store => store.ConnectionString = "Host=nowhere.invalid").UsePostgresClustering()
        );
        builder.Services.AddOrleansMemoryClient();
        builder.Services.AddSingleton<IChatClient>(new StrictChatClient());
        builder.Services.UseMemoryTestHost(Host);
        await using WebApplication app = builder.Build();
        app.MapPost(
            "/chat/{id}",
            async (string id, HttpRequest request, ConversationClient conversations, IChatClient model) =>
            {
                using var reader = new StreamReader(request.Body);
                ConversationChatClient chat = model.WithConversation(conversations);
                return (await chat.GetResponseAsync(await reader.ReadToEndAsync(), new ChatOptions { ConversationId = id })).Text;
            }
        );
        await app.StartAsync();

        using HttpClient http = app.GetTestClient();
        using HttpResponseMessage answer = await http.PostAsync("/chat/tested", new StringContent("Hello"));
        Assert.Equal("answer 1", await answer.Content.ReadAsStringAsync());
        Assert.Equal(
            ["Hello", "answer 1"],
            (await Host.Client.Get("tested").GetMessagesAsync(new MessageQuery())).Messages.Select(message => message.Message.Text)
        );
    }

    public sealed class SharedHost : IAsyncLifetime
    {
        public MemoryTestHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await MemoryTestHost.StartAsync();

        public async ValueTask DisposeAsync() => await Host.DisposeAsync();
    }
}
