namespace OrleansMemory.Grains.Hosting;

/// <summary>A silo of the cluster as it is at this moment.</summary>
public sealed record SiloState
{
    /// <summary>Its name: <c>SiloOptions.SiloName</c>, which Orleans makes up at each start unless it is set.</summary>
    public required string Name { get; init; }

    /// <summary>Where other silos reach it, and which of its starts this is: address, port and generation.</summary>
    public required string Address { get; init; }

    /// <summary>Whether it is a member: Active, or Joining, ShuttingDown or Stopping on its way in or out.</summary>
    public required string Status { get; init; }

    /// <summary>When it started (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How busy it is; <see langword="null"/> when it has not answered within two seconds.</summary>
    public SiloLoad? Load { get; init; }
}
