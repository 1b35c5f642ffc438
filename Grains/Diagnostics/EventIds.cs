namespace OrleansMemory.Grains.Diagnostics;

/// <summary>Ids of log events, in bands of a hundred per room. A retired id keeps its number.</summary>
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
    public const int StoreUnavailable = 1204;
    public const int StoreBack = 1205;
    public const int PipelineStopped = 1206;
    public const int ReadFailed = 1207;
    public const int BatchFailed = 1208;

    // 1700: Expiry
    public const int ExpirySwept = 1700;
    public const int ExpirySweepFailed = 1701;
    public const int ExpiryStartFailed = 1702;
    public const int ExpiredNotRemoved = 1703;

    // 1710: Hosting
    public const int CrashedMembers = 1710;

    // 1720: Tenants
    public const int TenantNotStored = 1720;
    public const int TenantNotRead = 1721;

    // 1750: Users
    public const int ErasureUntold = 1750;
}
