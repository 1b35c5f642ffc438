using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Whether something takes connections at a member's address.</summary>
internal enum Listener
{
    /// <summary>The address does not answer, or was not asked yet.</summary>
    Unknown,

    /// <summary>The machine is there and refuses the connection: no process listens.</summary>
    None,

    /// <summary>A process listens: the member, frozen or not, or any other one.</summary>
    Somebody,
}

/// <summary>How long a start listens for a member before it takes it for one that does not write to this database.</summary>
/// <remarks>
/// Where no one can be asked, what the server's clock says of the time before the start counts too, so that members that died long ago cost
/// no wait. Where somebody listens, only what was watched counts: the clock may have been set, and a silo that waited out an outage of the
/// database writes again within two seconds. A member that is frozen for <see cref="Longest"/> is declared dead, as other members would do
/// after as many missed probes.
/// </remarks>
internal static class MemberSilence
{
    /// <summary>The longest wait for one member.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>For a member whose process is not there.</summary>
    private static readonly TimeSpan WhereNoneListens = TimeSpan.FromSeconds(5);

    /// <summary>Three beats: for members whose rows were written into another database, or whose silence before the start is known but
    /// cannot be confirmed.</summary>
    private static readonly TimeSpan Shortest = MemberBeat.Period * 3;

    /// <summary>Whether a member has been silent for too long.</summary>
    /// <param name="member">What the table says.</param>
    /// <param name="listener">What is at its address.</param>
    /// <param name="isOurPlace">
    /// Whether that address is ours: who is refused there is our predecessor, since we are about to listen there.
    /// </param>
    /// <returns>Whether to declare it dead.</returns>
    public static bool IsOver(ListedMember member, TimeSpan watched, Listener listener, bool isOurPlace) =>
        listener switch
        {
            Listener.None => isOurPlace || member.IsElsewhere || member.Quiet + watched >= WhereNoneListens,
            _ when member.IsElsewhere => watched >= Shortest,
            Listener.Unknown => watched >= Shortest && member.Quiet + watched >= Longest,
            _ => watched >= Longest,
        };
}
