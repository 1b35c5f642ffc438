using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansMemory.Expiry;
using OrleansMemory.Grains.Hosting;

namespace OrleansMemory.Tests.Support;

/// <summary>The expiry wheel of a host, turned by hand.</summary>
internal static class ExpiryWheel
{
    /// <summary>Waits until every position has its reminder.</summary>
    public static Task StartedAsync(IServiceProvider services) =>
        services.GetServices<IHostedService>().OfType<ExpiryWheelStartup>().Single().Started.WaitAsync(TimeSpan.FromSeconds(60));

    public static IExpiryGrain Position(this GrainHost host, int position) =>
        host.Grains.GetGrain<IExpiryGrain>(position.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sends a tick of a reminder to a position, whenever it likes.</summary>
    public static Task TickAsync(this GrainHost host, int position, TimeSpan period)
    {
        var status = new TickStatus(DateTime.UnixEpoch, period, DateTime.UnixEpoch);
        GrainId id = GrainId.Create("expiry", position.ToString(CultureInfo.InvariantCulture));
        return host.Grains.GetGrain<IRemindable>(id).ReceiveReminder(NameOf(period), status);
    }

    public static string NameOf(TimeSpan period) => string.Create(CultureInfo.InvariantCulture, $"sweep-{period.Ticks}");
}
