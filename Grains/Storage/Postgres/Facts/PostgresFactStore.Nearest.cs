namespace OrleansMemory.Grains.Storage.Postgres.Facts;

internal sealed partial class PostgresFactStore
{
    /// <summary>How many vectors are looked at when the store is opened, to be written once more for the extension.</summary>
    private const int FirstStep = 2_000;

    private VectorMirror? _mirror;

    /// <inheritdoc />
    public bool FindsNearest(int dimensions) => _mirror is { IsComplete: true } && dimensions <= VectorText.MaxDimensions;

    /// <inheritdoc />
    public async Task<IReadOnlyList<VectorHit>?> FindNearestAsync(NearestFacts search, CancellationToken cancellationToken) =>
        _mirror is { } mirror && FindsNearest(search.Vector.Length)
            ? await RunAsync((connection, token) => mirror.FindAsync(connection, search, token), cancellationToken).ConfigureAwait(false)
            : null;

    private async Task OpenMirrorAsync(CancellationToken cancellationToken)
    {
        _mirror = await RunAsync(VectorMirror.OpenAsync, cancellationToken).ConfigureAwait(false);
        if (_mirror is { } mirror)
        {
            // Of a small database that is all.
            await RunAsync((connection, token) => mirror.StepAsync(connection, FirstStep, token), cancellationToken).ConfigureAwait(false);
        }
    }
}
