using Microsoft.Extensions.Options;

namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// Which categories are logged from which level on, wherever the silo is started. Configuration that names the same category, or a longer
/// one, overrides it; <c>Logging:LogLevel:Default</c> alone changes none of the categories named here.
/// </summary>
internal sealed class LogLevels(StartLogs start) : IConfigureOptions<LoggerFilterOptions>
{
    private const string Host = "Microsoft.Extensions.Hosting.Internal.Host";

    // Before its first look it takes the time since the machine's start for the time of a stall.
    private const string Watchdog = "Orleans.Runtime.Watchdog";

    private static readonly (string Category, LogLevel From)[] Levels =
    [
        ("OrleansMemory", LogLevel.Information),
        ("Orleans", LogLevel.Warning),
        // It tells of every attempt of Orleans' retries.
        ("Polly", LogLevel.None),
        ("Npgsql", LogLevel.Warning),
        ("System", LogLevel.Warning),
        ("Microsoft", LogLevel.Warning),
        // These write whole URLs, whose queries hold search texts, and request bodies; each is switched on by its own name alone.
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning),
        ("Microsoft.AspNetCore.Routing", LogLevel.Warning),
        ("Microsoft.AspNetCore.Http", LogLevel.Warning),
        ("Microsoft.AspNetCore.HttpLogging", LogLevel.None),
        ("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning),
        // Our handler logs what it does not know, without the path.
        ("Microsoft.AspNetCore.Diagnostics", LogLevel.None),
    ];

    /// <inheritdoc />
    public void Configure(LoggerFilterOptions options)
    {
        foreach ((string category, LogLevel from) in Levels)
        {
            options.Rules.Add(new LoggerFilterRule(providerName: null, category, from, filter: null));
        }

        foreach (string category in (string[])[Host, Watchdog])
        {
            options.Rules.Add(new LoggerFilterRule(providerName: null, category, LogLevel.Warning, (_, _, _) => start.HasStarted));
        }
    }
}
