using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    private const int NameColumn = 16;
    private const int PlaceColumn = 17;
    private const int MarkColumn = 18;

    /// <inheritdoc />
    public Task<ConversationListing> ListAsync(ListScan scan, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                // Behind the wall PostgreSQL does not search by labels: their comparison might tell of the rows that it is given, so it is
                // given none that it must not see, and no index.
                TenantWall wall = scan.Labels.Any() ? NoWall : _wall;
                NpgsqlBatch sql = wall.Enter(connection, scan.Tenant);
                await using var _ = sql.ConfigureAwait(false);
                sql.BatchCommands.Add(new NpgsqlBatchCommand(SqlScripts.PlanForValues));
                sql.BatchCommands.Add(ListCommand(scan));
                NpgsqlDataReader reader = await wall.ReadAsync(sql, token).ConfigureAwait(false);
                await using var __ = reader.ConfigureAwait(false);
                await reader.NextResultAsync(token).ConfigureAwait(false);
                ImmutableArray<ListedConversation>.Builder listed = ImmutableArray.CreateBuilder<ListedConversation>();
                string mark = "";
                while (await reader.ReadAsync(token).ConfigureAwait(false))
                {
                    var stored = StoredHead.Read(reader, ConversationKey.Create(scan.Tenant, reader.GetString(NameColumn)));
                    listed.Add(new ListedConversation(stored.StoreId, reader.GetFieldValue<DateTimeOffset>(PlaceColumn), stored.Head));
                    mark = reader.GetString(MarkColumn);
                }

                return new ConversationListing(listed.ToImmutable(), mark);
            },
            ReadAttempts,
            cancellationToken
        );

    /// <summary>Binds a scan to <c>list_conversations.sql</c>.</summary>
    internal static NpgsqlBatchCommand ListCommand(ListScan scan)
    {
        SnapshotMark? mark = scan.After is { } position ? SnapshotMark.Parse(position.Mark) : null;
        var command = new NpgsqlBatchCommand(SqlScripts.ListConversations);
        command
            .Parameters.Text(scan.Tenant)
            .Text(scan.UserId)
            .Text(scan.AgentId)
            .Array([.. scan.Labels], NpgsqlDbType.Text)
            .Instant(scan.Now)
            .Bigint(scan.Limit)
            .Bigint(mark?.Next)
            .Array(mark?.Running ?? [], NpgsqlDbType.Bigint)
            .Instant(scan.After?.TurnsAfter)
            .Instant(scan.After?.Placed)
            .Bigint(scan.After?.StoreId)
            .Text(scan.ForkOf);
        return command;
    }
}
