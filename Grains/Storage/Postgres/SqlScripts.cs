using System.Globalization;
using System.Reflection;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>
/// The statements of <c>Sql/Statements</c> and <c>Sql/Optional</c>, one property per file, and the numbered schema scripts.
/// </summary>
internal static class SqlScripts
{
    private const string Statements = "OrleansMemory.Grains.Storage.Postgres.Sql.Statements.";
    private const string SchemaPrefix = "OrleansMemory.Grains.Storage.Postgres.Sql.Schema.";
    private const string OptionalPrefix = "OrleansMemory.Grains.Storage.Postgres.Sql.Optional.";

    public static string AddUsage { get; } = Statement("add_usage");

    public static string BeginAudit { get; } = Statement("begin_audit");

    public static string CompleteAudit { get; } = Statement("complete_audit");

    public static string FindNextTenant { get; } = Statement("find_next_tenant");

    public static string FoldUsage { get; } = Statement("fold_usage");

    public static string ListAudit { get; } = Statement("list_audit");

    public static string ListDays { get; } = Statement("list_days");

    public static string ListHottest { get; } = Statement("list_hottest");

    public static string ListLargest { get; } = Statement("list_largest");

    public static string ListTenants { get; } = Statement("list_tenants");

    public static string ListUsers { get; } = Statement("list_users");

    public static string LockTruncated { get; } = Statement("lock_truncated");

    public static string LockTruncatedLife { get; } = Statement("lock_truncated_life");

    public static string LockUsage { get; } = Statement("lock_usage");

    public static string LockUsageWalk { get; } = Statement("lock_usage_walk");

    public static string MoveUsageWalk { get; } = Statement("move_usage_walk");

    public static string ReadAuditKey { get; } = Statement("read_audit_key");

    public static string ReadUsage { get; } = Statement("read_usage");

    public static string RecountLives { get; } = Statement("recount_lives");

    public static string RecountTenant { get; } = Statement("recount_tenant");

    public static string SweepAudit { get; } = Statement("sweep_audit");

    public static string SweepUsageDays { get; } = Statement("sweep_usage_days");

    public static string AppendImport { get; } = Statement("append_import");

    public static string BeatMember { get; } = Statement("beat_member");

    public static string BeginImport { get; } = Statement("begin_import");

    public static string CheckReadingRole { get; } = Statement("check_reading_role");

    public static string ClearIndexed { get; } = Statement("clear_indexed");

    public static string ClearMembers { get; } = Statement("clear_members");

    public static string CommitMessages { get; } = Statement("commit_messages");

    public static string CommitTurns { get; } = Statement("commit_turns");

    public static string CompleteImport { get; } = Statement("complete_import");

    public static string CreateSchemaVersion { get; } = Statement("create_schema_version");

    public static string CutForks { get; } = Statement("cut_forks");

    public static string DeleteLives { get; } = Statement("delete_lives");

    public static string ForgetCopies { get; } = Statement("forget_copies");

    public static string EnterConversation { get; } = Statement("enter_conversation");

    public static string EnterTenant { get; } = Statement("enter_tenant");

    public static string ExportMemories { get; } = Statement("export_memories");

    public static string ImportMemory { get; } = Statement("import_memory");

    public static string FindContracting { get; } = Statement("find_contracting");

    public static string FindErasureFence { get; } = Statement("find_erasure_fence");

    public static string FindGone { get; } = Statement("find_gone");

    public static string FindGoneLife { get; } = Statement("find_gone_life");

    public static string FindGoneTurn { get; } = Statement("find_gone_turn");

    public static string FindImport { get; } = Statement("find_import");

    public static string FindMessageIds { get; } = Statement("find_message_ids");

    public static string FindParents { get; } = Statement("find_parents");

    public static string FindSchema { get; } = Statement("find_schema");

    public static string FindSearchedLogs { get; } = Statement("find_searched_logs");

    public static string FindSchemaVersions { get; } = Statement("find_schema_versions");

    public static string FindTurns { get; } = Statement("find_turns");

    public static string FindUserForks { get; } = Statement("find_user_forks");

    public static string ForkConversation { get; } = Statement("fork_conversation");

    public static string ListConversations { get; } = Statement("list_conversations");

    public static string IndexMessages { get; } = Statement("index_messages");

    public static string LoadEntries { get; } = Statement("load_entries");

    public static string LoadHead { get; } = Statement("load_head");

    public static string LoadLineage { get; } = Statement("load_lineage");

    public static string LoadTail { get; } = Statement("load_tail");

    public static string LockExpired { get; } = Statement("lock_expired");

    public static string LockExpiredLife { get; } = Statement("lock_expired_life");

    public static string LockForks { get; } = Statement("lock_forks");

    public static string LockIndexing { get; } = Statement("lock_indexing");

    public static string LockRetired { get; } = Statement("lock_retired");

    public static string LockSchema { get; } = Statement("lock_schema");

    public static string LockLives { get; } = Statement("lock_lives");

    public static string MakeSiloRole { get; } = Statement("make_silo_role");

    public static string MarkExpanding { get; } = Statement("mark_expanding");

    public static string MarkGoneTurn { get; } = Statement("mark_gone_turn");

    public static string MarkGoneTurns { get; } = Statement("mark_gone_turns");

    public static string PickLifeToSweep { get; } = Statement("pick_life_to_sweep");

    public static string PickTruncated { get; } = Statement("pick_truncated");

    public static string LockUserLives { get; } = Statement("lock_user_lives");

    public static string Ping { get; } = Statement("ping");

    public static string PlanForValues { get; } = Statement("plan_for_values");

    public static string ReadClock { get; } = Statement("read_clock");

    public static string ReadFound { get; } = Statement("read_found");

    public static string ReadMembers { get; } = Statement("read_members");

    public static string ReadTenantKeys { get; } = Statement("read_tenant_keys");

    public static string ReadMessagesAscending { get; } = Statement("read_messages_asc");

    public static string ReadMessagesDescending { get; } = Statement("read_messages_desc");

    public static string ReadSchemaVersions { get; } = Statement("read_schema_versions");

    public static string ReadSystemMessagesAscending { get; } = Statement("read_system_messages_asc");

    public static string ReadSystemMessagesDescending { get; } = Statement("read_system_messages_desc");

    public static string ReadToolLinks { get; } = Statement("read_tool_links");

    public static string ReadUnindexed { get; } = Statement("read_unindexed");

    public static string RecordIndexed { get; } = Statement("record_indexed");

    public static string RecordSchemaVersion { get; } = Statement("record_schema_version");

    public static string ReleaseMember { get; } = Statement("release_member");

    public static string ReplaceExpiredLife { get; } = Statement("replace_expired_life");

    public static string ReplaceLives { get; } = Statement("replace_lives");

    public static string ReserveStoreIds { get; } = Statement("reserve_store_ids");

    public static string RetireLives { get; } = Statement("retire_lives");

    public static string SearchConversation { get; } = Statement("search_conversation");

    public static string SearchUser { get; } = Statement("search_user");

    public static string SetAsideLives { get; } = Statement("set_aside_lives");

    public static string StartLives { get; } = Statement("start_lives");

    public static string SweepEntries { get; } = Statement("sweep_entries");

    public static string SweepGoneTurns { get; } = Statement("sweep_gone_turns");

    public static string SweepLives { get; } = Statement("sweep_lives");

    public static string SweepMessages { get; } = Statement("sweep_messages");

    public static string SweepTurns { get; } = Statement("sweep_turns");

    // Long-term memories

    public static string AdoptCluster { get; } = Statement("adopt_cluster");

    public static string ChangeMemory { get; } = Statement("change_memory");

    public static string FindNearestMemories { get; } = Statement("find_nearest_memories");

    public static string FindMemory { get; } = Statement("find_memory");

    public static string FindRecording { get; } = Statement("find_recording");

    public static string FindScopesOfModel { get; } = Statement("find_scopes_of_model");

    public static string FindScopesToEmbed { get; } = Statement("find_scopes_to_embed");

    public static string FindScopesToExtract { get; } = Statement("find_scopes_to_extract");

    public static string FindUnmirroredVectors { get; } = Statement("find_unmirrored_vectors");

    public static string FindVectorExtension { get; } = Statement("find_vector_extension");

    public static string FindVectorModels { get; } = Statement("find_vector_models");

    public static string FinishTurns { get; } = Statement("finish_turns");

    public static string ForgetConversationRecordings { get; } = Statement("forget_conversation_recordings");

    public static string ForgetMemories { get; } = Statement("forget_memories");

    public static string ForgetScopeRecordings { get; } = Statement("forget_scope_recordings");

    public static string ListMemories { get; } = Statement("list_memories");

    public static string LockMemories { get; } = Statement("lock_memories");

    public static string LockMemory { get; } = Statement("lock_memory");

    public static string LockVectors { get; } = Statement("lock_vectors");

    public static string MarkMemories { get; } = Statement("mark_memories");

    public static string MemoryEmbedding { get; } = Read(OptionalPrefix + "memory_embedding.sql");

    public static string RowSecurity { get; } = Read(OptionalPrefix + "row_security.sql");

    public static string MirrorVectors { get; } = Statement("mirror_vectors");

    public static string PickConversationMemories { get; } = Statement("pick_conversation_memories");

    public static string PickExpiredMemories { get; } = Statement("pick_expired_memories");

    public static string PickMemory { get; } = Statement("pick_memory");

    public static ScopedStatement PickScopeMemories { get; } = new(Statement("pick_scope_memories"));

    public static ScopedStatement ReadMemories { get; } = new(Statement("read_memories"));

    public static string ReadMemoriesToEmbed { get; } = Statement("read_memories_to_embed");

    public static string ReadMemoriesToExtract { get; } = Statement("read_memories_to_extract");

    public static ScopedStatement ReadMemoryChanges { get; } = new(Statement("read_memory_changes"));

    public static string ReadMemoryHistory { get; } = Statement("read_memory_history");

    public static string RebaseMemories { get; } = Statement("rebase_memories");

    public static string RecordMemories { get; } = Statement("record_memories");

    public static string RetireMemory { get; } = Statement("retire_memory");

    public static string SaveVectors { get; } = Statement("save_vectors");

    public static string SweepMemoryTraces { get; } = Statement("sweep_memory_traces");

    public static string SweepRecordings { get; } = Statement("sweep_recordings");

    /// <summary>The schema scripts in the order of their numbers.</summary>
    /// <returns>Number, name and text of each.</returns>
    public static IReadOnlyList<SchemaScript> Schema()
    {
        List<SchemaScript> scripts =
        [
            .. typeof(SqlScripts)
                .Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(SchemaPrefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new SchemaScript(
                    int.Parse(name.AsSpan(SchemaPrefix.Length, 4), CultureInfo.InvariantCulture),
                    name[SchemaPrefix.Length..],
                    Read(name)
                )),
        ];
        return scripts.Count > 0 ? scripts : throw new InvalidOperationException("The schema scripts are missing from the assembly.");
    }

    private static string Statement(string name) => Read($"{Statements}{name}.sql");

    private static string Read(string resource)
    {
        using Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The SQL resource {resource} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

/// <summary>One numbered schema script.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Name">Its file name.</param>
/// <param name="Text">Its text, with line feeds only.</param>
internal sealed record SchemaScript(int Number, string Name, string Text)
{
    private const string Kind = "-- Kind: ";

    /// <summary>
    /// Whether builds that do not know the script go on working beside those that do: it says so in its header (<c>-- Kind: expand</c>,
    /// else <c>contract</c>).
    /// </summary>
    public bool Expands => Text.Contains(Kind + "expand", StringComparison.Ordinal);

    /// <summary>Whether it says which kind it is.</summary>
    public bool NamesKind => Text.Contains(Kind, StringComparison.Ordinal);
}
