namespace OrleansMemory.Auditing;

/// <summary>What the audit trail writes down.</summary>
public static class AuditActions
{
    /// <summary>A user was erased.</summary>
    public const string UserErased = "user.erase";

    /// <summary>A user was exported.</summary>
    public const string UserExported = "user.export";

    /// <summary>A user was imported.</summary>
    public const string UserImported = "user.import";

    /// <summary>A conversation was deleted.</summary>
    public const string ConversationDeleted = "conversation.delete";

    /// <summary>A conversation was exported over HTTP.</summary>
    public const string ConversationExported = "conversation.export";

    /// <summary>A conversation was imported.</summary>
    public const string ConversationImported = "conversation.import";

    /// <summary>Settings of a tenant were set; the counts say how many keys it has, and whether they changed.</summary>
    public const string TenantChanged = "tenant.settings";

    /// <summary>Quotas of a tenant were set.</summary>
    public const string QuotasChanged = "tenant.quotas";
}
