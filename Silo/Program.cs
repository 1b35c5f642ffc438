using System.Reflection;
using OrleansMemory.Silo.Api;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Silo.Settings;

// Where another program hosts this one, as tests do, what goes wrong is for that program to see.
bool isAlone = Assembly.GetEntryAssembly() == typeof(Program).Assembly;
try
{
    SchemaCommand? command = SchemaCommand.Take(ref args);
    WebApplicationBuilder builder = AppSetup.CreateBuilder(args);
    builder.AddConsoleLogging();
    builder.Services.AddSingleton(SettingsCheck.Run(builder.Configuration));
    builder.AddHttpSurface();

    // The database's server starts while the app is built, and ends after it.
    await using StoreChoice store = StoreChoice.Begin(builder.Configuration);
    builder.AddConversations(store);
    await using WebApplication app = builder.Build();
    if (command is not null)
    {
        await store.ReadyAsync();
        return await command.RunAsync(app.Services, store, Console.Out);
    }

    app.UseHttpSurface();
    app.MapApi();
    if (isAlone)
    {
        PortCheck.Run(app);
    }

    await store.ReadyAsync();
    await app.RunAsync();
    return 0;
}
catch (Exception failure) when (isAlone)
{
    string? line = StartFailure.Describe(failure);
    await Console.Error.WriteLineAsync(line is null ? failure.ToString() : "OrleansMemory does not start: " + line);
    return 1;
}

/// <summary>The silo's program; named so that tests can host it.</summary>
public sealed partial class Program;
