using System.Net;

namespace OrleansMemory.Grains.Storage.Postgres.Clustering;

/// <summary>A silo that is a member of a cluster by the table.</summary>
internal sealed record ListedMember
{
    /// <summary>Where other silos reach it.</summary>
    public required IPEndPoint Endpoint { get; init; }

    /// <summary>Tells it from its predecessors at the same place.</summary>
    public required int Generation { get; init; }

    /// <summary>When it last said to Orleans that it is alive, by its own clock.</summary>
    public required DateTimeOffset AliveAt { get; init; }

    /// <summary>Its last beat: another random value every second. Null where it never wrote one, as silos of older builds do.</summary>
    public required Guid? Beat { get; init; }

    /// <summary>Whether that beat was written through this run of this server into this database.</summary>
    public required bool IsHere { get; init; }

    /// <summary>Whether that beat was written into another database, of which this one is a logical copy.</summary>
    public required bool IsElsewhere { get; init; }

    /// <summary>How long ago that beat was written, by the server's clock; 0 where that says that it is still to come.</summary>
    public required TimeSpan Quiet { get; init; }

    /// <summary>What the row is found by, within its cluster.</summary>
    public (IPEndPoint Endpoint, int Generation) Key => (Endpoint, Generation);
}
