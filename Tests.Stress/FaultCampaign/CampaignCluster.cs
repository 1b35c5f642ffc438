namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>The processes of a campaign: they live through all of its schedules.</summary>
internal sealed class CampaignCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(150);

    private const int LogShown = 4000;

    private readonly CampaignServer _server;

    private CampaignCluster(CampaignServer server)
    {
        _server = server;
        Silos = [.. Enumerable.Range(0, SchedulePlan.Silos).Select(place => new CampaignSilo(place, server))];
    }

    /// <summary>The silos.</summary>
    public CampaignSilo[] Silos { get; }

    /// <summary>Starts the server and the silos.</summary>
    public static async Task<CampaignCluster> StartAsync()
    {
        var cluster = new CampaignCluster(await CampaignServer.StartAsync());
        try
        {
            await cluster.WellAsync();
            return cluster;
        }
        catch (OperationCanceledException failure)
        {
            await cluster.DisposeAsync();
            throw new InvalidOperationException(
                "The silos did not start:\n" + cluster.Silos[0].Log[..Math.Min(cluster.Silos[0].Log.Length, LogShown)],
                failure
            );
        }
    }

    /// <summary>Waits until all silos say that they are ready.</summary>
    public async Task WellAsync()
    {
        using var deadline = new CancellationTokenSource(StartPatience);
        await Task.WhenAll(Silos.Select(silo => silo.WellAsync(deadline.Token)));
    }

    /// <summary>Does what a fault says and undoes it; a killed silo is then still starting.</summary>
    /// <param name="told">Is told what was done.</param>
    public async Task ApplyAsync(Fault fault, Action<string> told)
    {
        CampaignSilo? silo = fault.Silo < 0 ? null : Silos[fault.Silo];
        if (fault.TakesSilo)
        {
            await silo!.ReadyAsync(StartPatience);
        }

        told($"{fault} begins");
        await (
            fault.Kind switch
            {
                FaultKind.KillSilo => KillAsync(fault, silo, false),
                FaultKind.KillPostgres => KillAsync(fault, null, true),
                FaultKind.KillBoth => KillAsync(fault, silo, true),
                FaultKind.FreezeSilo => FreezeSiloAsync(fault, silo!),
                FaultKind.FreezePostgres => FreezeServerAsync(fault),
                FaultKind.CutDatabase => CutAsync(fault, [silo!.Database]),
                FaultKind.CutSilos => CutAsync(fault, [.. (silo is null ? Silos : [silo]).Select(one => one.Silo)]),
                _ => StepAsync(fault, silo!),
            }
        );
        told($"{fault.Kind} ends");
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Silos.Select(silo => silo.DisposeAsync().AsTask()));
        await _server.DisposeAsync();
    }

    private async Task KillAsync(Fault fault, CampaignSilo? silo, bool server)
    {
        await Task.WhenAll(silo?.KillAsync() ?? Task.CompletedTask, server ? _server.KillAsync() : Task.CompletedTask);
        await Task.Delay(fault.For);
        if (server)
        {
            await _server.StartAgainAsync();
        }

        silo?.Release();
    }

    private static async Task FreezeSiloAsync(Fault fault, CampaignSilo silo)
    {
        await silo.SignalAsync("STOP");
        await Task.Delay(fault.For);
        await silo.SignalAsync("CONT");
    }

    private async Task FreezeServerAsync(Fault fault)
    {
        List<int> frozen = await _server.FreezeAsync();
        await Task.Delay(fault.For);
        await Signals.SendAsync("CONT", frozen);
    }

    private static async Task CutAsync(Fault fault, IReadOnlyList<LoopbackProxy> proxies)
    {
        foreach (LoopbackProxy proxy in proxies)
        {
            proxy.Cut(fault.Detail == 1);
        }

        await Task.Delay(fault.For);
        foreach (LoopbackProxy proxy in proxies)
        {
            proxy.Mend();
        }
    }

    private static async Task StepAsync(Fault fault, CampaignSilo silo)
    {
        silo.SetClock(fault.Detail);
        await Task.Delay(fault.For);
        silo.SetClock(0);
    }
}
