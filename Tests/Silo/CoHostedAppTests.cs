using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>The README's example: conversations inside somebody else's web app.</summary>
public sealed class CoHostedAppTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_web_app_remembers_its_chats()
    {
        string connectionString = database.ConnectionString;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IChatClient, CountingModel>();
        builder.UseOrleans(silo =>
            silo.UseLocalhostClustering(FreePort.Next(), FreePort.Next())
                .AddOrleansMemory()
                .UsePostgresStorage(options => options.ConnectionString = connectionString)
        );
        builder.Services.AddOrleansMemoryClient();
        await using WebApplication app = builder.Build();
        app.MapPost(
            "/chat/{id}",
            async (string id, Question question, ConversationClient memory, IChatClient model, CancellationToken cancelled) =>
            {
                Conversation conversation = memory.Get(id);
                List<ChatMessage> messages = [];
                if (await conversation.GetHeadAsync(cancelled) is not null)
                {
                    ConversationPage newest = await conversation.GetMessagesAsync(new MessageQuery { Limit = 20 }, cancelled);
                    messages.AddRange(newest.Messages.Select(message => message.Message));
                }

                var asked = new ChatMessage(ChatRole.User, question.Text);
                ChatResponse response = await model.GetResponseAsync([.. messages, asked], cancellationToken: cancelled);
                await conversation.AppendAsync([asked, .. response.Messages], question.TurnId, cancelled);
                return response.Text;
            }
        );
        await app.StartAsync();
        HttpClient http = app.GetTestClient();

        Assert.Equal("I was given 1 messages", await AskAsync(http, "t1"));
        Assert.Equal("I was given 3 messages", await AskAsync(http, "t2"));
        Assert.Equal(4, (await app.Services.GetRequiredService<ConversationClient>().Get("demo").GetHeadAsync())!.MessageCount);
        await app.StopAsync();
    }

    private static async Task<string> AskAsync(HttpClient http, string turnId)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("/chat/demo", new Question(turnId, "hello"));
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private sealed record Question(string TurnId, string Text);

    private sealed class CountingModel : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $"I was given {messages.Count()} messages")));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => throw new NotSupportedException("This model does not stream.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }
}
