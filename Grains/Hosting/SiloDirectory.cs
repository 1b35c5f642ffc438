using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Asks Orleans' management for the members, and each of them how busy it is.</summary>
/// <param name="grains">Reaches the management grain.</param>
internal sealed class SiloDirectory(IGrainFactory grains) : ISiloDirectory
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public async Task<IReadOnlyList<SiloState>> ListAsync(CancellationToken cancellationToken = default)
    {
        IManagementGrain management = grains.GetGrain<IManagementGrain>(0);
        MembershipEntry[] members;
        try
        {
            members = await management.GetDetailedHosts(onlyActive: false, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new MemoryUnavailableException(RetryAfter);
        }

        MembershipEntry[] living =
        [
            .. members.Where(static member => member.Status is not (SiloStatus.Dead or SiloStatus.None or SiloStatus.Created)),
        ];
        Dictionary<string, SiloLoadReport> reports = await ReportsAsync(management, cancellationToken);
        SiloState[] states = await Task.WhenAll(
            living.Select(member =>
                DescribeAsync(member, management, reports.GetValueOrDefault(member.SiloAddress.ToParsableString()), cancellationToken)
            )
        );
        return
        [
            .. states
                .OrderBy(static state => state.Name, StringComparer.Ordinal)
                .ThenBy(static state => state.Address, StringComparer.Ordinal),
        ];
    }

    // A silo that does not answer is no reason to say nothing of the others. Management asks all at once, so none is told of where one
    // fails.
    private static async Task<Dictionary<string, SiloLoadReport>> ReportsAsync(
        IManagementGrain management,
        CancellationToken cancellationToken
    )
    {
        try
        {
            object?[] reports = await management
                .SendControlCommandToProvider<SiloLoadReporter>(SiloLoadReporter.Name, 0, null, cancellationToken)
                .WaitAsync(Patience, cancellationToken);
            return reports.OfType<SiloLoadReport>().ToDictionary(static report => report.Silo, StringComparer.Ordinal);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not OutOfMemoryException)
        {
            return [];
        }
    }

    private static async Task<SiloState> DescribeAsync(
        MembershipEntry member,
        IManagementGrain management,
        SiloLoadReport? report,
        CancellationToken cancellationToken
    ) =>
        new()
        {
            Name = member.SiloName,
            Address = member.SiloAddress.ToString(),
            Status = member.Status.ToString(),
            StartedAt = new DateTimeOffset(DateTime.SpecifyKind(member.StartTime, DateTimeKind.Utc)),
            Load = report is null ? null : await LoadAsync(member.SiloAddress, report, management, cancellationToken),
        };

    private static async Task<SiloLoad?> LoadAsync(
        SiloAddress silo,
        SiloLoadReport report,
        IManagementGrain management,
        CancellationToken cancellationToken
    )
    {
        try
        {
            SiloRuntimeStatistics[] statistics = await management
                .GetRuntimeStatistics([silo], cancellationToken)
                .WaitAsync(Patience, cancellationToken);
            return new SiloLoad(
                report.QueuedTurns,
                statistics[0].ActivationCount,
                report.HeldMemories,
                report.FeedReaders,
                report.MemoryBytes
            );
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not OutOfMemoryException)
        {
            return null;
        }
    }
}
