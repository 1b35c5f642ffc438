using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Hosting;

/// <summary>
/// Says, when everything runs and nothing more is to come, what runs: version, addresses, store, members, who may call. Before it, which
/// settings nothing reads.
/// </summary>
internal sealed partial class StartBanner(
    IServer server,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    StartLogs start,
    StoreChoice store,
    SettingsReport settings,
    ApiKeyRing keys,
    ILoggerFactory loggers
) : IHostedLifecycleService
{
    private readonly ILogger _logger = loggers.CreateLogger("OrleansMemory");

    private static string Version =>
        typeof(StartBanner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (UnknownSetting unknown in settings.Unknown)
        {
            LogUnknown(unknown.Path, unknown.Nearest is null ? "" : $" Did you mean {unknown.Nearest}?");
        }

        lifetime.ApplicationStarted.Register(Show);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        LogStopping();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Show()
    {
        // What the store has to say when it is made comes before.
        services.GetRequiredService<IStoreProbe>();
        start.Start();
        ICollection<string> addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        LogReady(Version, string.Join(", ", addresses));
        LogStore(store.Description);
        LogMembers(HostSetup.Describe(services));
        LogAccess(
            keys.RequiresKeys
                ? "holders of an API key"
                : $"this machine only, tenant 'default' (set {ApiKeyReader.Section} to serve others)"
        );
    }

    [LoggerMessage(2100, LogLevel.Information, "OrleansMemory {Version} serves {Addresses}")]
    private partial void LogReady(string version, string addresses);

    [LoggerMessage(2101, LogLevel.Information, "  store:   {Store}")]
    private partial void LogStore(string store);

    [LoggerMessage(2102, LogLevel.Information, "  members: {Members}")]
    private partial void LogMembers(string members);

    [LoggerMessage(2103, LogLevel.Information, "  access:  {Access}")]
    private partial void LogAccess(string access);

    [LoggerMessage(2104, LogLevel.Warning, "Nothing reads the setting {Path}.{Suggestion}")]
    private partial void LogUnknown(string path, string suggestion);

    [LoggerMessage(2105, LogLevel.Information, "Stopping: requests and turns under way are finished first")]
    private partial void LogStopping();
}
