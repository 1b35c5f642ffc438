namespace OrleansMemory.Grains.Hosting;

/// <summary>Work that must be done before the silo starts, and undone after it has stopped.</summary>
internal interface IStartupStep
{
    /// <summary>When it is done; the order of registration does not matter.</summary>
    StartupStage Stage { get; }

    /// <summary>Does the work. The silo has not started.</summary>
    /// <returns>A task that ends when the next stage may begin.</returns>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Undoes it. The silo has stopped, and with it everything that used this. It may be called although the start failed or was never
    /// reached.
    /// </summary>
    /// <returns>A task that ends when it is undone.</returns>
    Task StopAsync(CancellationToken cancellationToken);
}

/// <summary>The order in which steps are done before the silo starts. They are undone in the opposite order.</summary>
internal enum StartupStage
{
    /// <summary>Connections that an earlier silo of this process left behind are closed.</summary>
    Connections,

    /// <summary>The schema is migrated and the store is opened.</summary>
    Store,

    /// <summary>Nothing at the start; at the end usage is noted while the store is still open.</summary>
    Usage,

    /// <summary>The clocks are compared.</summary>
    Clock,

    /// <summary>The members of the cluster are read from the open store.</summary>
    Membership,
}
