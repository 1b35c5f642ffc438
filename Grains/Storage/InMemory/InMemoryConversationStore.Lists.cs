using System.Collections.Immutable;
using System.Globalization;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task<ConversationListing> ListAsync(ListScan scan, CancellationToken cancellationToken) =>
        Locked(() => List(scan), cancellationToken);

    private ConversationListing List(ListScan scan)
    {
        long mark = scan.After is { } position ? ReadMark(position.Mark) : _turns;
        ImmutableArray<ListedConversation> listed =
        [
            .. _live
                .Values.Where(life => Matches(life, scan))
                .Select(life => (Life: life, Placed: PlaceOf(life, mark)))
                .Where(found => found.Placed is { } placed && IsBehind(scan.After, placed, found.Life.StoreId))
                .OrderByDescending(found => found.Placed)
                .ThenByDescending(found => found.Life.StoreId)
                .Take(scan.Limit)
                .Select(found => new ListedConversation(found.Life.StoreId, found.Placed!.Value, found.Life.ToHead())),
        ];
        return new ConversationListing(listed, listed.IsEmpty ? "" : mark.ToString(CultureInfo.InvariantCulture));
    }

    private static bool Matches(StoredLife life, ListScan scan) =>
        string.Equals(life.Key.Tenant, scan.Tenant, StringComparison.Ordinal)
        && (scan.UserId is null || string.Equals(life.Settings.UserId, scan.UserId, StringComparison.Ordinal))
        && (scan.AgentId is null || string.Equals(life.Settings.AgentId, scan.AgentId, StringComparison.Ordinal))
        && (
            scan.ForkOf is null
            || (life.Parent is { State: LifeState.Live } parent && string.Equals(parent.Key.Id, scan.ForkOf, StringComparison.Ordinal))
        )
        && scan.Labels.All(life.Labels.Contains)
        && !(life.ExpiresAt <= scan.Now);

    /// <summary>Where a life stood when so many turns were durable; <see langword="null"/> when a later one began it.</summary>
    private static DateTimeOffset? PlaceOf(StoredLife life, long mark)
    {
        StoredTurn[] since = [.. life.Turns.Values.Where(turn => turn.Number > mark)];
        return since.Length == 0 ? life.UpdatedAt : since.MinBy(turn => turn.Number).PreviousAt;
    }

    private static bool IsBehind(ListPosition? position, DateTimeOffset placed, long storeId) =>
        position is null || (placed, storeId).CompareTo((position.Placed, position.StoreId)) < 0;

    private static long ReadMark(string mark) =>
        long.TryParse(mark, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new InvalidRequestException("cursor", "This cursor is not one of this store. Start the list again without a cursor.");
}
