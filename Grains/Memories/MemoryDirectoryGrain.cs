using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Memories.Vectors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Memories;

/// <summary>The memories of one tenant, by id. It holds nothing: everything is read from the store and written to it.</summary>
/// <param name="store">Where memories are durable.</param>
/// <param name="options">The limits.</param>
/// <param name="embedding">Is told of new texts.</param>
/// <param name="clocks">Says whether the clock of memories is right.</param>
/// <param name="timeProvider">The clock of memories.</param>
[GrainType("memory-directory")]
[Reentrant]
[StatelessWorker(1)]
internal sealed class MemoryDirectoryGrain(
    IFactStore store,
    IOptions<MemoryOptions> options,
    EmbeddingHook embedding,
    ClockCheck clocks,
    [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider
) : Grain, IMemoryDirectoryGrain
{
    private const int MaxEvents = 1_000;

    private string _tenant = "";

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string tenant = this.GetPrimaryKeyString();
        ConversationKey.CheckTenant(tenant);
        _tenant = tenant;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<MemoryFact?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        MemoryFact? fact = await store.FindAsync(_tenant, Require(id), cancellationToken);
        return fact is null || fact.ExpiresAt <= timeProvider.Now() || !BoundUser.Owns(fact.User) ? null : fact;
    }

    /// <inheritdoc />
    public async Task<MemoryPage> ListAsync(MemoryListQuery query, CancellationToken cancellationToken = default)
    {
        if (query is null)
        {
            throw new InvalidRequestException("query", "query is missing.");
        }

        var filter = MemoryFilter.Check(_tenant, query);
        int limit = ListFilter.CheckLimit(query.Limit);
        var cursor = new MemoryCursor(filter);
        var list = new FactList
        {
            Tenant = _tenant,
            Agent = filter.Agent,
            User = filter.User,
            Session = filter.Session,
            Kind = filter.Kind,
            Labels = filter.Labels,
            Before = cursor.Read(query.Cursor),
            Limit = limit,
            MaxBytes = options.Value.MaxAnswerBytes,
            Now = timeProvider.Now(),
        };
        IReadOnlyList<StoredFact> found = await store.ListAsync(list, cancellationToken);
        return new MemoryPage
        {
            Memories = [.. found.Select(stored => stored.Fact)],
            Next = await HasMoreAsync(list, found, cancellationToken) ? cursor.Write(found[^1].Position) : null,
        };
    }

    /// <inheritdoc />
    public async Task<MemoryFact> UpdateAsync(string id, MemoryUpdate update, CancellationToken cancellationToken = default)
    {
        FactChange change = UpdateDecision.Decide(_tenant, Require(id), update, options.Value, timeProvider.Now());
        if (change.ExpiresAt is not null)
        {
            clocks.RequireRight();
        }

        if (!await IsOwnAsync(id, cancellationToken))
        {
            throw new MemoryNotFoundException(id);
        }

        FactChangeResult result = await store.ChangeAsync(change, cancellationToken);
        MemoryFact fact = result.Fact ?? throw new MemoryNotFoundException(id);
        if (!result.Changed)
        {
            throw new MemoryChangedException(change.ExpectedVersion ?? 0, fact.Version);
        }

        if (change.Text is not null)
        {
            await embedding.NotifyAsync(MemoryScope.Create(_tenant, fact.Agent, fact.User, fact.Session));
        }

        return fact;
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        await IsOwnAsync(Require(id), cancellationToken) && await store.DeleteAsync(_tenant, id, timeProvider.Now(), cancellationToken);

    /// <inheritdoc />
    public async Task<ImmutableArray<MemoryEvent>> HistoryAsync(string id, CancellationToken cancellationToken = default) =>
        await IsOwnAsync(Require(id), cancellationToken)
            ? await store.ReadHistoryAsync(_tenant, id, timeProvider.Now(), MaxEvents, cancellationToken)
            : [];

    // Whose a memory is never changes. One that was retired belongs to no user: the user's own erasure removes it.
    private async ValueTask<bool> IsOwnAsync(string id, CancellationToken cancellationToken) =>
        BoundUser.Current is null || (await store.FindAsync(_tenant, id, cancellationToken) is { } fact && BoundUser.Owns(fact.User));

    private static string Require(string id) =>
        string.IsNullOrEmpty(id) ? throw new InvalidRequestException("id", "id is missing. Give the id of a memory.") : id;

    /// <summary>Whether anything follows a page. A page may have ended for its bytes, so its length does not tell.</summary>
    private async Task<bool> HasMoreAsync(FactList list, IReadOnlyList<StoredFact> page, CancellationToken cancellationToken) =>
        page.Count > 0 && (await store.ListAsync(list with { Before = page[^1].Position, Limit = 1 }, cancellationToken)).Count > 0;
}
