using System.Collections.Immutable;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Storage;

/// <summary>
/// Where long-term memories are durable. Every provider keeps this page; <c>Tests/Contracts</c> checks it against each of them.
/// </summary>
/// <remarks>
/// <para><b>Scopes.</b> A memory has the names it was recorded with. A scope <i>shows</i> it when the memory has all names of the scope; a
/// scope <i>owns</i> it when the names are the very same, those that are not given included.</para>
/// <para><b>Order.</b> Memories have a position, unique within the store and ascending within one recording. Positions of two recordings
/// that overlap in time may become visible in any order.</para>
/// <para><b>Changes.</b> Whoever has read a scope up to a mark and reads its changes since then has seen every change that was durable when
/// that read began, in whatever order writers committed. A change may be shown more than once; a memory's version tells. What is gone stays
/// visible as a change, without content, until <see cref="SweepAsync"/> removes its last trace.</para>
/// <para>
/// <b>Failures.</b> <see cref="MemoryUnavailableException"/> leaves the outcome of a write unknown. Nothing else is thrown for valid input.
/// </para>
/// <para><b>Time.</b> The store has no clock: instants come with the call. It returns expired memories; the caller hides them.</para>
/// <para><b>Retention and personal data.</b> Content is kept as given until it is deleted, erased or swept; a deletion removes texts,
/// captions, metadata, history and vectors at once. Nothing is redacted or encrypted here.</para>
/// </remarks>
internal interface IFactStore
{
    /// <summary>Asks what a key of a recording stands for, and records nothing.</summary>
    /// <returns>What recording it again would give; <see langword="null"/> where it has no key, or the key was never used.</returns>
    Task<RecordResult?> FindRecordingAsync(FactRecording recording, CancellationToken cancellationToken);

    /// <summary>
    /// Reads memories of a user that are live, whatever their agents and sessions, with their histories, in ascending order of their
    /// positions.
    /// </summary>
    /// <returns>
    /// Positions and memories; fewer than the limit when the bytes ran out (at least one when there is any) or nothing is left.
    /// </returns>
    Task<IReadOnlyList<(long Position, MemoryRecord Record)>> ExportAsync(FactExport export, CancellationToken cancellationToken);

    /// <summary>Writes memories with their histories for a user, all or none. One that is there under its id is left as it is.</summary>
    /// <param name="user">For whom, whomever they name.</param>
    /// <returns>How many were not there yet.</returns>
    Task<int> ImportAsync(UserKey user, IReadOnlyList<MemoryRecord> records, CancellationToken cancellationToken);

    /// <summary>Records memories, all or none.</summary>
    /// <param name="recording">The decided recording.</param>
    /// <returns>What became of it.</returns>
    Task<RecordResult> RecordAsync(FactRecording recording, CancellationToken cancellationToken);

    /// <summary>Where a reader stands who has seen all that is durable now.</summary>
    /// <returns>The mark, to be taken before the first page is read.</returns>
    Task<FactMark> MarkAsync(CancellationToken cancellationToken);

    /// <summary>Reads what a scope shows, the highest position first.</summary>
    /// <param name="read">The scope and the page.</param>
    /// <returns>Memories that are neither deleted nor retired, up to the limits; none when there are no more.</returns>
    Task<IReadOnlyList<StoredFact>> ReadScopeAsync(ScopeRead read, CancellationToken cancellationToken);

    /// <summary>Reads what has changed in what a scope shows.</summary>
    /// <param name="since">Where the reader stands.</param>
    /// <param name="model">The vectors of which model to read along; <see langword="null"/> for none.</param>
    /// <param name="limit">The most changes.</param>
    /// <param name="maxBytes">The most bytes of texts, captions and metadata, in UTF-8.</param>
    /// <returns>
    /// The changes and the next mark; <see langword="null"/> when there are more than a limit, or the mark is of another life of the store:
    /// read the scope anew.
    /// </returns>
    Task<FactChanges?> ReadChangesAsync(
        MemoryScope scope,
        FactMark since,
        string? model,
        int limit,
        long maxBytes,
        CancellationToken cancellationToken
    );

    /// <summary>Reads one memory.</summary>
    /// <returns>The memory; <see langword="null"/> when it is unknown, deleted or retired.</returns>
    Task<MemoryFact?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>Lists memories that have not expired, the highest position first.</summary>
    /// <returns>The memories, up to the limits.</returns>
    Task<IReadOnlyList<StoredFact>> ListAsync(FactList list, CancellationToken cancellationToken);

    /// <summary>Changes a memory that has not expired, and adds the change to its history.</summary>
    /// <param name="change">The decided change.</param>
    /// <returns>
    /// The memory as it is after it; unchanged and with another version when that was not the expected one; <see langword="null"/> for
    /// none.
    /// </returns>
    Task<FactChangeResult> ChangeAsync(FactChange change, CancellationToken cancellationToken);

    /// <summary>Deletes a memory with its history and vectors, retired and expired ones included.</summary>
    /// <param name="at">The instant of the deletion.</param>
    /// <returns>Whether there was a live one, neither expired nor retired.</returns>
    Task<bool> DeleteAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Deletes, up to a bound, what a scope shows, retired and expired memories included.</summary>
    /// <param name="at">The instant of the deletion.</param>
    /// <param name="limit">The most memories.</param>
    /// <returns>What was deleted; call again while there is more. All that was durable when the last call began is gone then.</returns>
    Task<FactDeletion> ClearAsync(MemoryScope scope, DateTimeOffset at, int limit, CancellationToken cancellationToken);

    /// <summary>Reads what happened to a memory, also to a retired one.</summary>
    /// <param name="at">The instant: what has expired by then has no history.</param>
    /// <param name="limit">The most events, the newest.</param>
    /// <returns>The events, the oldest first; none when the memory is unknown or deleted.</returns>
    Task<ImmutableArray<MemoryEvent>> ReadHistoryAsync(
        string tenant,
        string id,
        DateTimeOffset at,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Finds scopes that own memories without a vector of a model.</summary>
    /// <param name="limit">The most scopes.</param>
    Task<IReadOnlyList<MemoryScope>> FindScopesToEmbedAsync(string model, int limit, CancellationToken cancellationToken);

    /// <summary>Reads memories that a scope owns and that have no vector of a model for what they say now.</summary>
    /// <param name="limit">The most memories.</param>
    /// <returns>The memories, the lowest position first.</returns>
    Task<IReadOnlyList<StoredFact>> ReadToEmbedAsync(MemoryScope scope, string model, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Saves vectors in place of those of any other model, which is a change of the memories. Vectors of another version of a memory are
    /// left out. An empty vector says that a memory gets none of this model for what it says now: it does not wait for one any more.
    /// </summary>
    /// <returns>How many were saved.</returns>
    Task<int> SaveVectorsAsync(string tenant, string model, IReadOnlyList<FactVector> vectors, CancellationToken cancellationToken);

    /// <summary>
    /// Whether the store itself finds the nearest among all vectors of a number of dimensions. Once it does, it does until it is opened
    /// anew.
    /// </summary>
    /// <returns>Whether it does; if not, the caller compares the vectors that it reads.</returns>
    bool FindsNearest(int dimensions);

    /// <summary>
    /// Finds the memories that a scope shows whose vectors are nearest to a question's, by the cosine of the angle between them. Every
    /// vector is compared: the result is exact but for rounding. Conditions hold before the cut to the limit.
    /// </summary>
    /// <param name="search">What to look for.</param>
    /// <param name="cancellationToken">Ends the wait and the search.</param>
    /// <returns>
    /// The nearest first, of equally near ones the lowest position first; <see langword="null"/> when the store does not do this
    /// (<see cref="FindsNearest"/>).
    /// </returns>
    Task<IReadOnlyList<VectorHit>?> FindNearestAsync(NearestFacts search, CancellationToken cancellationToken);

    /// <summary>Finds scopes that own recorded turns from which facts are still to be distilled.</summary>
    /// <param name="limit">The most scopes.</param>
    /// <returns>The scopes, the one that waits longest first.</returns>
    Task<IReadOnlyList<MemoryScope>> FindScopesToExtractAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Reads turns that a scope owns from which facts are still to be distilled.</summary>
    /// <param name="limit">The most turns.</param>
    /// <returns>The turns, the lowest position first.</returns>
    Task<IReadOnlyList<StoredFact>> ReadToExtractAsync(MemoryScope scope, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Applies what was distilled from turns, whole or not at all: adds, changes and retires facts, and marks the turns as done. It does
    /// nothing when one of the turns is not waiting any more, or a fact that it changes or retires does not have the expected version.
    /// </summary>
    /// <param name="distillation">The decided changes.</param>
    /// <returns>Whether it was applied.</returns>
    Task<bool> ApplyAsync(FactDistillation distillation, CancellationToken cancellationToken);

    /// <summary>Removes, up to a bound, what is over: expired memories, traces of deleted ones, keys of recordings.</summary>
    /// <param name="sweep">The instants and the bound.</param>
    /// <returns>How much was removed; call again while it reached the bound.</returns>
    Task<FactSweepResult> SweepAsync(FactSweep sweep, CancellationToken cancellationToken);
}
