using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

internal sealed partial class PostgresConversationStore
{
    /// <inheritdoc />
    public Task<DateTimeOffset> FindErasureFenceAsync(UserKey user, DateTimeOffset at, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.FindErasureFence, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                command.Parameters.Text(user.Tenant).Text(user.UserId).Instant(at);
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using ConfiguredAsyncDisposable __ = reader.ConfigureAwait(false);
                await reader.ReadAsync(token).ConfigureAwait(false);
                return reader.GetFieldValue<DateTimeOffset>(0);
            },
            ReadAttempts,
            cancellationToken
        );

    /// <inheritdoc />
    public async Task<UserErasureStep> EraseUserAsync(UserErasure erasure, CancellationToken cancellationToken)
    {
        // An attempt that ended without an answer may have been committed: the activations of what it found must hear of it too.
        var erased = new HashSet<ConversationKey>();
        var cut = new HashSet<ConversationKey>();
        UserErasureStep step = await RunAsync(
                (connection, token) => EraseAsync(connection, erasure, erased, cut, token),
                ReadAttempts,
                cancellationToken
            )
            .ConfigureAwait(false);
        return step with { Erased = [.. erased], CutForks = [.. cut] };
    }

    private static async Task<UserErasureStep> EraseAsync(
        NpgsqlConnection connection,
        UserErasure erasure,
        HashSet<ConversationKey> erased,
        HashSet<ConversationKey> cut,
        CancellationToken cancellationToken
    )
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = transaction.ConfigureAwait(false);
        List<UserLife> found = await LockUserLivesAsync(connection, erasure, cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return UserErasureStep.Nothing;
        }

        long rows = 0;
        List<UserLife> lives = [.. found.TakeWhile((life, index) => (rows += life.Rows) <= StepRows || index == 0)];
        await LockForksAsync(connection, IdsOf(lives), cancellationToken).ConfigureAwait(false);
        lives.AddRange(
            (await FindUserForksAsync(connection, IdsOf(lives), erasure.User, cancellationToken).ConfigureAwait(false)).Except(lives)
        );
        long[] ids = IdsOf(lives);
        await MarkGoneAsync(connection, ids, erasure.Fence, cancellationToken).ConfigureAwait(false);
        (DeleteReceipt removed, ImmutableArray<ConversationKey> others) = await CutLockedAsync(connection, ids, cancellationToken)
            .ConfigureAwait(false);
        cut.UnionWith(others);
        erased.UnionWith(lives.Select(life => life.Key));
        int memories = await PostgresFactStore
            .ForgetConversationsAsync(
                connection,
                erasure.User.Tenant,
                [.. lives.Select(life => life.Key.Id)],
                erasure.Fence,
                cancellationToken
            )
            .ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new UserErasureStep(ids.Length, removed.Messages, removed.Entries, removed.Turns, memories, [], []);
    }

    private static long[] IdsOf(List<UserLife> lives) => [.. lives.Select(life => life.StoreId)];

    private static async Task<List<UserLife>> LockUserLivesAsync(
        NpgsqlConnection connection,
        UserErasure erasure,
        CancellationToken cancellationToken
    )
    {
        UserKey user = erasure.User;
        var command = new NpgsqlCommand(SqlScripts.LockUserLives, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Text(user.Tenant).Text(user.UserId).Instant(erasure.Fence).Bigint(erasure.Limit);
        return await ReadLivesAsync(command, user.Tenant, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<UserLife>> FindUserForksAsync(
        NpgsqlConnection connection,
        long[] lives,
        UserKey user,
        CancellationToken cancellationToken
    )
    {
        var command = new NpgsqlCommand(SqlScripts.FindUserForks, connection);
        await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
        command.Parameters.Array(lives, NpgsqlDbType.Bigint).Text(user.UserId);
        return await ReadLivesAsync(command, user.Tenant, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<UserLife>> ReadLivesAsync(NpgsqlCommand command, string tenant, CancellationToken cancellationToken)
    {
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = reader.ConfigureAwait(false);
        var lives = new List<UserLife>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            lives.Add(new UserLife(reader.GetInt64(0), ConversationKey.Create(tenant, reader.GetString(1)), reader.GetInt64(2)));
        }

        return lives;
    }

    /// <summary>A life of a user; the same one is found again whatever its rows.</summary>
    /// <param name="Rows">About how many rows it has.</param>
    private readonly record struct UserLife(long StoreId, ConversationKey Key, long Rows)
    {
        public bool Equals(UserLife other) => StoreId == other.StoreId;

        public override int GetHashCode() => StoreId.GetHashCode();
    }
}
