using System.Net;
using System.Net.Sockets;
using OrleansMemory.Grains.Storage.Postgres.Clustering;

namespace OrleansMemory.Grains.Hosting;

/// <summary>A member that has not shown yet that it writes to this database.</summary>
/// <param name="first">What the table said when the watch began.</param>
/// <param name="isOurPlace">Whether its address is this silo's.</param>
/// <param name="timeProvider">The clock of the probes.</param>
internal sealed class WatchedMember(ListedMember first, bool isOurPlace, TimeProvider timeProvider)
{
    /// <summary>So many missed beats, and its address is asked; a member that is well never has a stranger at its port.</summary>
    private static readonly TimeSpan ProbedAfter = MemberBeat.Period * 2;

    /// <summary>How long it takes at most to find out whether an address answers.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    private readonly ListedMember _first = first;
    private TimeSpan? _probed;

    /// <summary>What the row is found by.</summary>
    public (IPEndPoint Endpoint, int Generation) Key => _first.Key;

    /// <summary>What the table said last.</summary>
    public ListedMember Latest { get; private set; } = first;

    /// <summary>What is at its address, as far as is known.</summary>
    public Listener Listener { get; private set; }

    /// <summary>
    /// Whether another database's silo writes to the row while we watch: rows are still copied, and always would be.
    /// </summary>
    public bool IsReplicated => Latest.IsElsewhere && Latest.Beat != _first.Beat;

    /// <summary>
    /// Whether somebody holds our own address: then this silo cannot listen there, and says so, or Orleans decides between the two.
    /// </summary>
    public bool IsLeftToOrleans => isOurPlace && Listener == Listener.Somebody && !Latest.IsElsewhere;

    /// <summary>Takes what the table says now.</summary>
    /// <param name="latest">The row.</param>
    /// <returns>Whether the member has written to this database since the watch began.</returns>
    public bool Update(ListedMember latest)
    {
        Latest = latest;
        return latest.Beat is null ? latest.AliveAt != _first.AliveAt : latest.IsHere && latest.Beat != _first.Beat;
    }

    /// <summary>Asks at its address whether a process listens, where its silence makes that worth knowing.</summary>
    /// <param name="watched">How long it has been watched.</param>
    /// <returns>A task that ends when it is known.</returns>
    public async Task ProbeAsync(TimeSpan watched, CancellationToken cancellationToken)
    {
        bool isDue = _probed is { } last
            ? watched - last >= ProbedAfter
            : isOurPlace || _first.IsElsewhere || _first.Quiet + watched >= ProbedAfter;
        if (isDue)
        {
            _probed = watched;
            Listener = await AskAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether it has been silent for too long.</summary>
    /// <returns>Whether to declare it dead.</returns>
    public bool IsSilentTooLong(TimeSpan watched) => _probed is not null && MemberSilence.IsOver(_first, watched, Listener, isOurPlace);

    private async Task<Listener> AskAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(Key.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var timeout = new CancellationTokenSource(ConnectTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(Key.Endpoint, either.Token).ConfigureAwait(false);
            return Listener.Somebody;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.ConnectionRefused ? Listener.None : Listener.Unknown;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Listener.Unknown;
        }
    }
}
