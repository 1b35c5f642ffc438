using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansMemory.Client;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Samples.TravelPlanning;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
string? connectionString = builder.Configuration.GetConnectionString("Postgres");
builder.UseOrleans(silo =>
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

using IHost host = builder.Build();
await host.StartAsync();
await Trip.PlanAsync(host.Services.GetRequiredService<ConversationClient>(), "user123", Console.Out);
await host.StopAsync();
