using Npgsql;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres.Commit;

/// <summary>
/// Binds a batch to the leanest statement that writes it: <c>commit_messages.sql</c> for turns that only append messages,
/// <c>commit_turns.sql</c> for the rest.
/// </summary>
internal static class CommitStatement
{
    /// <summary>Binds.</summary>
    /// <param name="batch">The groups, one per conversation.</param>
    /// <param name="asksJournal">Whether the journal is asked for the turn ids; else one that it has violates a primary key.</param>
    public static NpgsqlBatchCommand Make(List<CommitGroup> batch, bool asksJournal)
    {
        if (!asksJournal && batch.TrueForAll(OnlyAppends))
        {
            return MakeMessages(batch);
        }

        var command = new NpgsqlBatchCommand(SqlScripts.CommitTurns);
        List<Head> heads = batch.ConvertAll(group => new Head(group));
        AddHeads(command.Parameters, heads);
        List<TurnCommit> turns = [.. batch.SelectMany(group => group.Turns).Select(turn => turn.Commit)];
        AddTurns(command.Parameters, turns);
        AddMessages(command.Parameters, turns);
        AddEntries(command.Parameters, batch);
        AddLists(command.Parameters, heads, turns);
        command.Parameters.Boolean(asksJournal);
        AddSizes(command.Parameters, heads);
        return command;
    }

    private static bool OnlyAppends(CommitGroup group)
    {
        foreach (PendingCommit turn in group.Turns)
        {
            TurnCommit commit = turn.Commit;
            if (commit.Truncates || commit.Settings is not null || !commit.EntryWrites.IsEmpty || !commit.EntryDeletes.IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    private static NpgsqlBatchCommand MakeMessages(List<CommitGroup> batch)
    {
        var command = new NpgsqlBatchCommand(SqlScripts.CommitMessages);
        List<Head> heads = batch.ConvertAll(group => new Head(group));
        AddPlainHeads(command.Parameters, heads);
        List<TurnCommit> turns = [.. batch.SelectMany(group => group.Turns).Select(turn => turn.Commit)];
        AddTurns(command.Parameters, turns).Instant(turn => turn.PreviousAt);
        AddMessages(command.Parameters, turns);
        AddSizes(command.Parameters, heads);
        return command;
    }

    private static ColumnArrays<Head> AddPlainHeads(NpgsqlParameterCollection parameters, List<Head> heads) =>
        new ColumnArrays<Head>(parameters, heads)
            .Bigint(head => head.Last.StoreId)
            .Bigint(head => head.ExpectedVersion)
            .Bigint(head => head.Last.Version)
            .Bigint(head => head.Last.FirstSequence)
            .Bigint(head => head.Last.LastSequence)
            .Instant(head => head.Last.At)
            .Instant(head => head.Last.ExpiresAt);

    private static void AddHeads(NpgsqlParameterCollection parameters, List<Head> heads) =>
        AddPlainHeads(parameters, heads)
            .Boolean(head => head.Truncates)
            .Boolean(head => head.Settings is not null)
            .Text(head => head.Settings?.UserId)
            .Text(head => head.Settings?.AgentId)
            .Text(head => head.Settings?.Title)
            .Json(head => head.Settings?.Metadata)
            .Bigint(head => head.Settings?.TimeToLive.ToMicroseconds())
            .Boolean(head => head.Settings?.TimeToLive?.Sliding ?? false);

    private static ColumnArrays<Head> AddSizes(NpgsqlParameterCollection parameters, List<Head> heads) =>
        new ColumnArrays<Head>(parameters, heads).Bigint(head => head.AppendedBytes);

    private static ColumnArrays<TurnCommit> AddTurns(NpgsqlParameterCollection parameters, List<TurnCommit> turns) =>
        new ColumnArrays<TurnCommit>(parameters, turns)
            .Bigint(turn => turn.StoreId)
            .Text(turn => turn.TurnId)
            .Bytes(turn => turn.PayloadHash)
            .Bigint(turn => turn.Version)
            .Bigint(turn => turn.FirstAppended)
            .Bigint(turn => turn.LastAppended)
            .Instant(turn => turn.At);

    private static void AddMessages(NpgsqlParameterCollection parameters, List<TurnCommit> turns)
    {
        List<(long StoreId, MessageRow Row)> rows = [.. turns.SelectMany(turn => turn.Messages.Select(row => (turn.StoreId, row)))];
        new ColumnArrays<(long StoreId, MessageRow Row)>(parameters, rows)
            .Bigint(row => row.StoreId)
            .Bigint(row => row.Row.Message.Sequence)
            .Instant(row => row.Row.Message.Created)
            .Integer(row => row.Row.Bytes)
            .Text(row => row.Row.Message.Role)
            .Text(row => row.Row.Message.Id)
            .Text(row => row.Row.Message.Author)
            .Json(row => row.Row.Message.Contents)
            .Json(row => row.Row.Message.Metadata)
            .Json(row => ToolLinksJson.Write(row.Row.Tools));
    }

    private static void AddEntries(NpgsqlParameterCollection parameters, List<CommitGroup> batch)
    {
        var writes = new List<(long StoreId, Entry Entry)>();
        var deletes = new List<(long StoreId, EntryName Name)>();
        foreach (CommitGroup group in batch)
        {
            foreach ((EntryName name, Entry? entry) in LastWord(group))
            {
                if (entry is null)
                {
                    deletes.Add((group.StoreId, name));
                }
                else
                {
                    writes.Add((group.StoreId, entry));
                }
            }
        }

        new ColumnArrays<(long StoreId, Entry Entry)>(parameters, writes)
            .Bigint(row => row.StoreId)
            .Text(row => row.Entry.Space)
            .Text(row => row.Entry.Key)
            .Json(row => row.Entry.Value)
            .Instant(row => row.Entry.ExpiresAt);
        new ColumnArrays<(long StoreId, EntryName Name)>(parameters, deletes)
            .Bigint(row => row.StoreId)
            .Text(row => row.Name.Space)
            .Text(row => row.Name.Key);
    }

    private static void AddLists(NpgsqlParameterCollection parameters, List<Head> heads, List<TurnCommit> turns)
    {
        new ColumnArrays<Head>(parameters, heads).Json(head => head.Settings is { } settings ? LabelsJson.Write(settings) : null);
        new ColumnArrays<TurnCommit>(parameters, turns).Instant(turn => turn.PreviousAt);
    }

    /// <summary>What a group of turns leaves behind for each entry it names: a statement may touch a row only once.</summary>
    private static Dictionary<EntryName, Entry?> LastWord(CommitGroup group)
    {
        var last = new Dictionary<EntryName, Entry?>();
        foreach (PendingCommit turn in group.Turns)
        {
            foreach (EntryName name in turn.Commit.EntryDeletes)
            {
                last[name] = null;
            }

            foreach (Entry entry in turn.Commit.EntryWrites)
            {
                last[new EntryName(entry.Space, entry.Key)] = entry;
            }
        }

        return last;
    }

    /// <summary>What a group of turns makes of its head.</summary>
    private readonly struct Head(CommitGroup group)
    {
        public long ExpectedVersion { get; } = group.First.ExpectedVersion;

        public TurnCommit Last { get; } = group.Last;

        public bool Truncates { get; } = group.Turns.Any(turn => turn.Commit.Truncates);

        public long AppendedBytes { get; } = group.Turns.Sum(turn => turn.Commit.Messages.Sum(row => (long)row.Bytes));

        public ConversationSettings? Settings { get; } =
            group.Turns.LastOrDefault(turn => turn.Commit.Settings is not null)?.Commit.Settings;
    }
}
