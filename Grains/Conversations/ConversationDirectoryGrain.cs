using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// The conversations of one tenant. It holds nothing: every list is read from the store, so that it has what was durable when it was asked
/// for.
/// </summary>
[GrainType("conversation-directory")]
[Reentrant]
[StatelessWorker(1)]
internal sealed class ConversationDirectoryGrain : Grain, IConversationDirectoryGrain
{
    /// <summary>
    /// How much earlier than a walk's beginning a turn may have been decided that becomes durable after it: a database that does not answer
    /// and silos whose clocks differ are all that delays it.
    /// </summary>
    private static readonly TimeSpan LongestCommit = TimeSpan.FromMinutes(10);

    private readonly IConversationStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _cursorWindow;
    private readonly TimeSpan _commitWindow;
    private string _tenant = "";

    public ConversationDirectoryGrain(
        IConversationStore store,
        IOptions<ConversationOptions> options,
        [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider
    )
    {
        _store = store;
        _timeProvider = timeProvider;

        // What moved in a walk is told by the journal of turn ids. A quarter of its window is left for clocks that differ.
        _cursorWindow = options.Value.TurnIdWindow / 2;
        TimeSpan quarter = options.Value.TurnIdWindow / 4;
        _commitWindow = quarter < LongestCommit ? quarter : LongestCommit;
    }

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string tenant = this.GetPrimaryKeyString();
        ConversationKey.CheckTenant(tenant);
        _tenant = tenant;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<ConversationListPage> ListAsync(ConversationListQuery query, CancellationToken cancellationToken = default)
    {
        if (query is null)
        {
            throw new InvalidRequestException("query", "query is missing.");
        }

        ListFilter filter = ListFilter.Check(_tenant, query);
        int limit = ListFilter.CheckLimit(query.Limit);
        DateTimeOffset now = _timeProvider.Now();
        ListCursor? cursor = query.Cursor is null ? null : Require(ListCursor.Read(query.Cursor, filter), now);
        var scan = new ListScan
        {
            Tenant = _tenant,
            UserId = filter.UserId,
            AgentId = filter.AgentId,
            ForkOf = filter.ForkOf,
            Labels = filter.Labels,

            // One more tells whether there is a next page.
            Limit = limit + 1,
            Now = now,
            After = cursor is null ? null : new ListPosition(cursor.Mark, cursor.Began - _commitWindow, cursor.Placed, cursor.StoreId),
        };
        ConversationListing listing = await _store.ListAsync(scan, cancellationToken);
        return Page(listing, limit, cursor?.Began ?? now, cursor?.Mark ?? listing.Mark, filter);
    }

    private static ConversationListPage Page(ConversationListing listing, int limit, DateTimeOffset began, string mark, ListFilter filter)
    {
        ImmutableArray<ListedConversation> shown = [.. listing.Conversations.Take(limit)];
        return new ConversationListPage
        {
            Conversations = [.. shown.Select(listed => listed.Head)],
            Next =
                listing.Conversations.Length > limit
                    ? new ListCursor(began, shown[^1].Placed, shown[^1].StoreId, mark).Write(filter)
                    : null,
        };
    }

    private ListCursor Require(ListCursor cursor, DateTimeOffset now) =>
        (now - cursor.Began).Duration() <= _cursorWindow
            ? cursor
            : throw new InvalidRequestException(
                "cursor",
                FormattableString.Invariant(
                    $"The first page of this list is longer ago than {_cursorWindow}. Start again without a cursor."
                )
            );
}
