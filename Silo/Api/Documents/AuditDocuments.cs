using System.Text.Json;
using OrleansMemory.Auditing;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>A row of the audit trail.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When it was begun.</param>
/// <param name="CompletedAt">When it was over; null where it is not, or how it ended is unknown.</param>
/// <param name="Tenant">Whose data it was.</param>
/// <param name="Action">
/// What was done: user.erase, user.export, user.import, conversation.delete, conversation.export, conversation.import, tenant.settings or
/// tenant.quotas.
/// </param>
/// <param name="Actor">Who did it: a role and the name of a key, or what a caller of grains has stated.</param>
/// <param name="Subject">A keyed hash of the id of the user or conversation; null where it is about none.</param>
/// <param name="Counts">How much, as numbers by name; null for nothing to count, or not over.</param>
internal sealed record AuditDocument(
    long Id,
    DateTimeOffset At,
    DateTimeOffset? CompletedAt,
    string Tenant,
    string Action,
    string Actor,
    string? Subject,
    JsonElement? Counts
)
{
    /// <summary>The document of a row.</summary>
    /// <param name="record">The row.</param>
    /// <returns>The document.</returns>
    public static AuditDocument Of(AuditRecord record) =>
        new(
            record.Id,
            record.At,
            record.CompletedAt,
            record.Tenant,
            record.Action,
            record.Actor,
            record.Subject,
            record.Counts is null ? null : Parse(record.Counts)
        );

    private static JsonElement Parse(string counts)
    {
        using JsonDocument document = JsonDocument.Parse(counts);
        return document.RootElement.Clone();
    }
}

/// <summary>A page of the audit trail, newest first.</summary>
/// <param name="Records">The rows.</param>
/// <param name="Next">The cursor of the next page; null after the last one.</param>
internal sealed record AuditListDocument(IReadOnlyList<AuditDocument> Records, long? Next);

/// <summary>How much an import of a user was.</summary>
/// <param name="Conversations">Conversations in the file.</param>
/// <param name="Messages">Their messages.</param>
/// <param name="Entries">Their entries.</param>
/// <param name="Memories">Long-term memories in the file.</param>
/// <param name="Skipped">Conversations and memories among them that were there already, or have expired.</param>
internal sealed record ImportedUserDocument(long Conversations, long Messages, long Entries, long Memories, long Skipped);
