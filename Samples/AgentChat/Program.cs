using OrleansMemory.Client;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Samples.AgentChat;

// A class of its own name: tests have the silo's Program in reach as well.
internal static class ChatHost
{
    public static async Task Main(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        string? connectionString = builder.Configuration.GetConnectionString("Postgres");
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering().AddOrleansMemory();
            if (connectionString is null)
            {
                silo.UseInMemoryStorage();
            }
            else
            {
                silo.UsePostgresStorage(options => options.ConnectionString = connectionString);
            }
        });
        builder.Services.AddOrleansMemoryClient();
        builder.Services.AddChat();

        WebApplication app = builder.Build();
        app.MapChat();
        await app.RunAsync();
    }
}
