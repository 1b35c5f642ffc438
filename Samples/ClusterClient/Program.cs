using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansMemory.Client;
using OrleansMemory.Client.Postgres;
using OrleansMemory.Conversations;

// An application that hosts no grains: it finds the silos in PostgreSQL and calls them over their gateways.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
string connectionString =
    builder.Configuration.GetConnectionString("Postgres")
    ?? throw new InvalidOperationException("Set ConnectionStrings__Postgres to the silos' database.");
builder.AddOrleansMemoryClusterClient(gateways =>
{
    builder.Configuration.GetSection("OrleansMemory:Cluster").Bind(gateways);
    gateways.ConnectionString = connectionString;
});
using IHost host = builder.Build();
await host.StartAsync();

// The same handle as in an application that hosts the grains itself.
Conversation conversation = host.Services.GetRequiredService<ConversationClient>().Get("greetings");
await conversation.AppendAsync([new ChatMessage(ChatRole.User, $"Hello from {Environment.MachineName}")]);
ConversationPage newest = await conversation.GetMessagesAsync(new MessageQuery { Limit = 5 });
foreach (ConversationMessage message in newest.Messages)
{
    Console.WriteLine($"{message.Sequence} {message.Message.Role}: {message.Message.Text}");
}

await host.StopAsync();
