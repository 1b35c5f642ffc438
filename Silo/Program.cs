using OrleansMemory.Silo.Api;
using OrleansMemory.Silo.Hosting;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddConsoleLogging();
builder.AddHttpSurface();

// Before the host is built, because the store's connection string comes from it; after everything else, because it ends last.
await using StoreChoice store = await StoreChoice.MakeAsync(builder.Configuration, CancellationToken.None);
builder.AddConversations(store);

await using WebApplication app = builder.Build();
app.UseHttpSurface();
app.MapApi();
await app.RunAsync();

/// <summary>The silo's program; named so that tests can host it.</summary>
public sealed partial class Program;
