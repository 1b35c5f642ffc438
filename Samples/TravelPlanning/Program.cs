using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansMemory.Client;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Samples.TravelPlanning;

// With PostgreSQL the host is stopped in the middle of the trip, and another one goes on. Without, only the agent is another one.
Func<Trip, Task>[] parts = [trip => trip.BeginAsync(), trip => trip.GoOnAsync()];
if (Configuration().GetConnectionString("Postgres") is null)
{
    await RunAsync(parts);
    return;
}

foreach (Func<Trip, Task> part in parts)
{
    await RunAsync(part);
}

IConfiguration Configuration() => Host.CreateApplicationBuilder(args).Configuration;

async Task RunAsync(params Func<Trip, Task>[] parts)
{
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
    foreach (Func<Trip, Task> part in parts)
    {
        using var trip = new Trip(host.Services.GetRequiredService<ConversationClient>(), "user123", Console.Out);
        await part(trip);
    }

    await host.StopAsync();
}
