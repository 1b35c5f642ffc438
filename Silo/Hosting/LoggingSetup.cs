using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// Logs go to the console: one line for each event, for people; JSON in a container, which <c>DOTNET_RUNNING_IN_CONTAINER</c> says.
/// <c>Logging:Console:FormatterName</c> overrides it.
/// </summary>
internal static class LoggingSetup
{
    private const string InContainer = "DOTNET_RUNNING_IN_CONTAINER";
    private const string FormatterSetting = "Logging:Console:FormatterName";

    /// <summary>Adds the console.</summary>
    /// <param name="builder">The app.</param>
    public static void AddConsoleLogging(this WebApplicationBuilder builder)
    {
        var start = new StartLogs();
        builder.Services.AddSingleton(start);

        // The last rule for a category wins: ours come before those of configuration.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<LoggerFilterOptions>>(new LogLevels(start)));
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss ";
        });
        builder.Logging.AddJsonConsole(options => options.TimestampFormat = "O");
        builder.Logging.AddConsole(options => options.FormatterName = builder.Configuration[FormatterSetting] ?? DefaultFormatter());
        builder.Services.Remove(
            builder.Services.Single(static service =>
                service.ServiceType == typeof(ILoggerProvider) && service.ImplementationType == typeof(ConsoleLoggerProvider)
            )
        );
        builder.Services.AddSingleton<ConsoleLoggerProvider>();
        builder.Services.AddSingleton<ILoggerProvider, QuietConsole>();
    }

    private static string DefaultFormatter() =>
        Environment.GetEnvironmentVariable(InContainer) is { } set && (set == "1" || set.Equals("true", StringComparison.OrdinalIgnoreCase))
            ? ConsoleFormatterNames.Json
            : ConsoleFormatterNames.Simple;
}
