using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>A running silo of a test host.</summary>
public sealed class InProcessSiloHandle : IAsyncDisposable
{
    /// <summary>The name of the silo.</summary>
    public string Name { get; init; } = null!;

    /// <summary>The application the silo runs in.</summary>
    public IHost SiloHost { get; init; } = null!;

    /// <summary>The services of that application.</summary>
    public IServiceProvider ServiceProvider => SiloHost.Services;

    /// <summary>Whether the silo has not been stopped.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>Stops the silo.</summary>
    /// <param name="stopGracefully">Whether calls and activations get time to finish.</param>
    public Task StopSiloAsync(bool stopGracefully) => StopSiloAsync(new CancellationToken(canceled: !stopGracefully));

    /// <summary>Stops the silo.</summary>
    /// <param name="ct">Ends the time for calls and activations to finish.</param>
    public async Task StopSiloAsync(CancellationToken ct)
    {
        if (!IsActive) return;
        IsActive = false;
        await SiloHost.StopAsync(ct);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopSiloAsync(stopGracefully: true);
        if (SiloHost is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else SiloHost.Dispose();
    }
}
