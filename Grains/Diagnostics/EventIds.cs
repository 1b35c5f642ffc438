namespace OrleansMemory.Grains.Diagnostics;

/// <summary>Ids of log events. <c>docs/events.md</c> has those of all projects, and the retired ones, which are not given again.</summary>
internal static class EventIds
{
    // 1000: Conversations
    public const int TurnRetried = 1001;
    public const int ForkRefreshFailed = 1002;
    public const int FeedCheckFailed = 1020;

    // 1100: Storage
    public const int InMemoryStoreForgets = 1100;
    public const int SweepDone = 1101;
    public const int SweepFailed = 1102;

    // 1200: Storage/Postgres
    public const int MigrationApplied = 1200;
    public const int BatchRetried = 1201;
    public const int BatchSplit = 1202;
    public const int TurnRefused = 1203;
    public const int ReadFailed = 1207;
    public const int BatchFailed = 1208;
    public const int MemoriesRebased = 1209;
    public const int VectorExtensionSought = 1210;
    public const int DatabaseAwaited = 1211;
    public const int StoreFault = 1212;
    public const int SchemaIsNewer = 1230;

    // 1700: Expiry
    public const int ExpirySwept = 1700;
    public const int ExpirySweepFailed = 1701;
    public const int ExpiryStartFailed = 1702;
    public const int ExpiredNotRemoved = 1703;

    // 1710: Hosting
    public const int MembersAwaited = 1710;
    public const int MembersGone = 1711;
    public const int MembersElsewhere = 1712;
    public const int MembersCopied = 1713;
    public const int DatabaseReplaced = 1714;
    public const int MemberBeatFailed = 1718;
    public const int MemberDead = 1719;
    public const int MemberLost = 1722;
    public const int MemberJoined = 1723;
    public const int MemberLeft = 1724;

    // 1715: Clocks
    public const int ClockOff = 1715;
    public const int ClockRight = 1716;
    public const int ClockNotCompared = 1717;

    // 1720: Tenants
    public const int TenantNotStored = 1720;
    public const int TenantNotRead = 1721;

    // 1730: Usage
    public const int UsageNotNoted = 1730;
    public const int UsageReconciled = 1731;
    public const int LastUsageNotNoted = 1732;

    // 1740: Auditing
    public const int AuditNotCompleted = 1740;

    // 1750: Users
    public const int ErasureNotNotified = 1750;

    // 1800: Memories
    public const int RecordingNotNotified = 1800;
    public const int ScopeRead = 1801;
    public const int MemoriesSwept = 1802;

    // 1850: Memories/Vectors
    public const int EmbeddingModelDetected = 1850;
    public const int EmbeddingModelUndetected = 1851;
    public const int MemoriesEmbedded = 1852;
    public const int EmbeddingFailed = 1853;
    public const int EmbeddingRefused = 1854;
    public const int EmbeddingDimensionsRefused = 1855;
    public const int QueryNotEmbedded = 1856;
    public const int EmbeddingSweepFailed = 1857;
    public const int EmbeddingNotNotified = 1858;
    public const int NearestNotFound = 1859;

    // 1900: Memories/Extraction
    public const int FactsDistilled = 1900;
    public const int ReplyUnreadable = 1901;
    public const int TurnsGivenUp = 1902;
    public const int ExtractionPaused = 1903;
    public const int ExtractionSweepFailed = 1904;
    public const int ExtractionRaced = 1905;

    // 1950: Diagnostics
    public const int OrleansRepeated = 1950;
    public const int LogsNotRedacted = 1951;
}
