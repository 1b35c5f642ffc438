using Microsoft.AspNetCore.Connections;
using OrleansMemory.Silo.Api;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Silo.LocalPostgres;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddConsoleLogging();
builder.AddHttpSurface();

// It is there before the app, which is given its connection string, and it ends after the app.
try
{
    await using StoreChoice store = await StoreChoice.MakeAsync(builder.Configuration, CancellationToken.None);
    builder.AddConversations(store);
    await using WebApplication app = builder.Build();
    app.UseHttpSurface();
    app.MapApi();
    await app.RunAsync();
    return 0;
}
catch (Exception failure) when (failure is LocalPostgresException or IOException { InnerException: AddressInUseException })
{
    // Both say what is wrong, and it is nothing in the program: a stack would only hide it.
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}

/// <summary>The silo's program; named so that tests can host it.</summary>
public sealed partial class Program;
