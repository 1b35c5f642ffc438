using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrleansMemory.Silo.Access;

namespace OrleansMemory.Silo.Hosting;

/// <summary>Says, once everything runs, what runs: which host, which store, which address, who may call.</summary>
internal sealed partial class StartBanner(
    IServer server, IServiceProvider services, StoreChoice store, ApiKeyRing keys, ILogger<StartBanner> logger) : IHostedLifecycleService
{
    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        ICollection<string> addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        string access = keys.IsEmpty ? "this machine only, tenant 'default' (set OrleansMemory:ApiKeys to serve others)" : "holders of an API key";
        LogReady(logger, string.Join(", ", addresses), HostSetup.Describe(services), store.Description, access);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(2100, LogLevel.Information, "OrleansMemory serves {Addresses} | host: {Host} | store: {Store} | access: {Access}")]
    private static partial void LogReady(ILogger logger, string addresses, string host, string store, string access);
}
