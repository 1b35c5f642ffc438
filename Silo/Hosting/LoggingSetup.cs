using Microsoft.Extensions.Logging.Console;

namespace OrleansMemory.Silo.Hosting;

/// <summary>Logs go to the console: lines for people in development, JSON elsewhere. <c>Logging:Console:FormatterName</c> overrides it.</summary>
internal static class LoggingSetup
{
    /// <summary>Adds the console.</summary>
    /// <param name="builder">The app.</param>
    public static void AddConsoleLogging(this WebApplicationBuilder builder)
    {
        string formatter = builder.Environment.IsDevelopment() ? ConsoleFormatterNames.Simple : ConsoleFormatterNames.Json;
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss ";
        });
        builder.Logging.AddJsonConsole(options => options.TimestampFormat = "O");
        builder.Logging.AddConsole(options =>
            options.FormatterName = builder.Configuration["Logging:Console:FormatterName"] ?? formatter);
    }
}
