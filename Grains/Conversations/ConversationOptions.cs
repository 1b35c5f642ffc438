using System.ComponentModel.DataAnnotations;
using OrleansMemory.Conversations;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Limits and sizes of conversations.</summary>
public sealed class ConversationOptions
{
    /// <summary>The most bytes of one message's contents and metadata together, in UTF-8: 1 KiB to 64 MiB.</summary>
    /// <value>Default: 4 MiB.</value>
    [Range(1024, 64 * 1024 * 1024, ErrorMessage = "ConversationOptions.MaxMessageBytes must be 1 KiB to 64 MiB.")]
    public int MaxMessageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The most messages in one turn, 1 to 100,000.</summary>
    /// <value>Default: 10,000.</value>
    [Range(1, 100_000, ErrorMessage = "ConversationOptions.MaxTurnMessages must be 1 to 100000.")]
    public int MaxTurnMessages { get; set; } = 10_000;

    /// <summary>
    /// The most bytes of one turn's messages and entries together, in UTF-8: 1 KiB to 256 MiB, and not less than one message or entry may
    /// have.
    /// </summary>
    /// <value>Default: 32 MiB.</value>
    [Range(1024, 256 * 1024 * 1024, ErrorMessage = "ConversationOptions.MaxTurnBytes must be 1 KiB to 256 MiB.")]
    public int MaxTurnBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>The most bytes of one entry's value, in UTF-8: 1 KiB to 64 MiB.</summary>
    /// <value>Default: 1 MiB.</value>
    [Range(1024, 64 * 1024 * 1024, ErrorMessage = "ConversationOptions.MaxEntryBytes must be 1 KiB to 64 MiB.")]
    public int MaxEntryBytes { get; set; } = 1024 * 1024;

    /// <summary>The most entries of a conversation, 1 to 100,000. They are held in memory while it is active.</summary>
    /// <value>Default: 4,096.</value>
    [Range(1, 100_000, ErrorMessage = "ConversationOptions.MaxEntries must be 1 to 100000.")]
    public int MaxEntries { get; set; } = 4_096;

    /// <summary>
    /// The most bytes of all entries of a conversation, in UTF-8: 1 KiB to 256 MiB, and not less than one entry may have.
    /// </summary>
    /// <value>Default: 16 MiB.</value>
    [Range(1024, 256 * 1024 * 1024, ErrorMessage = "ConversationOptions.MaxEntriesBytes must be 1 KiB to 256 MiB.")]
    public int MaxEntriesBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>The most messages of the log's end that an activation holds in memory, 1 to 10,000.</summary>
    /// <value>Default: 256.</value>
    [Range(1, 10_000, ErrorMessage = "ConversationOptions.TailMessages must be 1 to 10000.")]
    public int TailMessages { get; set; } = 256;

    /// <summary>
    /// How many of the newest messages an activation reads when it starts, 1 to 10,000. What it holds grows from there up to
    /// <see cref="TailMessages"/>, which it never exceeds.
    /// </summary>
    /// <value>Default: 50, a page.</value>
    [Range(1, 10_000, ErrorMessage = "ConversationOptions.ActivationMessages must be 1 to 10000.")]
    public int ActivationMessages { get; set; } = 50;

    /// <summary>
    /// The most bytes of the log's end that an activation holds in memory, 1 KiB to 64 MiB. The newest message is held whatever its size.
    /// </summary>
    /// <value>Default: 256 KiB.</value>
    [Range(1024, 64 * 1024 * 1024, ErrorMessage = "ConversationOptions.TailBytes must be 1 KiB to 64 MiB.")]
    public int TailBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// The most bytes of one page of messages, 64 KiB to 64 MiB. A page ends early where more would be read; the first message is returned
    /// whatever its size.
    /// </summary>
    /// <value>Default: 8 MiB.</value>
    [Range(64 * 1024, 64 * 1024 * 1024, ErrorMessage = "ConversationOptions.MaxPageBytes must be 64 KiB to 64 MiB.")]
    public int MaxPageBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How many turn ids an activation remembers, so that a repeated one is answered without a store read: 0 to 10,000.</summary>
    /// <value>Default: 128.</value>
    [Range(0, 10_000, ErrorMessage = "ConversationOptions.RecentTurns must be 0 to 10000.")]
    public int RecentTurns { get; set; } = 128;

    /// <summary>How long a turn id is kept, so that a turn that comes again writes nothing twice: 1 minute to 365 days.</summary>
    /// <value>Default: 24 hours.</value>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00", ErrorMessage = "ConversationOptions.TurnIdWindow must be 1 minute to 365 days.")]
    public TimeSpan TurnIdWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often what can no longer be read is removed, 1 second to 1 day.</summary>
    /// <value>Default: 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "ConversationOptions.SweepInterval must be 1 second to 1 day.")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How often a conversation with live feeds and without turns asks the store whether another activation has changed it, 1 second to 1
    /// day.
    /// </summary>
    /// <value>Default: 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "ConversationOptions.FeedRefreshInterval must be 1 second to 1 day.")]
    public TimeSpan FeedRefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a conversation lives that is created by a turn which does not name a time to live: one microsecond to 36,500 days. A turn
    /// that names none (<see cref="SettingsFields.TimeToLive"/> with a null value) wins. Forks and imports have the settings of what they
    /// were made from.
    /// </summary>
    /// <value>Default: <see langword="null"/>, without end.</value>
    public TimeToLive? DefaultTimeToLive { get; set; }

    /// <summary>What is different for some tenants, by tenant. Tenants are compared ordinally.</summary>
    /// <value>Default: nothing.</value>
    public IDictionary<string, TenantOptions> Tenants { get; } = new Dictionary<string, TenantOptions>(StringComparer.Ordinal);

    /// <summary>
    /// How long a silo goes by what it knows of a tenant's own settings before it reads them again, 1 second to 1 hour: a change is seen
    /// everywhere within this time.
    /// </summary>
    /// <value>Default: 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "ConversationOptions.TenantSettingsAge must be 1 second to 1 hour.")]
    public TimeSpan TenantSettingsAge { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>These options with limits that are lower than ours in place of ours.</summary>
    /// <returns>A copy.</returns>
    internal ConversationOptions Within(TenantLimits limits)
    {
        var within = (ConversationOptions)MemberwiseClone();
        within.MaxMessageBytes = Math.Min(MaxMessageBytes, limits.MaxMessageBytes ?? int.MaxValue);
        within.MaxTurnMessages = Math.Min(MaxTurnMessages, limits.MaxTurnMessages ?? int.MaxValue);
        within.MaxTurnBytes = Math.Min(MaxTurnBytes, limits.MaxTurnBytes ?? int.MaxValue);
        within.MaxEntryBytes = Math.Min(MaxEntryBytes, limits.MaxEntryBytes ?? int.MaxValue);
        within.MaxEntries = Math.Min(MaxEntries, limits.MaxEntries ?? int.MaxValue);
        within.MaxEntriesBytes = Math.Min(MaxEntriesBytes, limits.MaxEntriesBytes ?? int.MaxValue);
        return within;
    }

    /// <summary>Whether every conversation of a tenant must name its user.</summary>
    internal bool RequiresUser(string tenant) => Tenants.TryGetValue(tenant, out TenantOptions? own) && own.RequiresUser;

    /// <summary>How long a conversation of a tenant lives by default.</summary>
    /// <returns>The time to live; <see langword="null"/> without end.</returns>
    internal TimeToLive? TimeToLiveOf(string tenant) =>
        Tenants.TryGetValue(tenant, out TenantOptions? own)
            ? own.LivesForever
                ? null
                : own.TimeToLive ?? DefaultTimeToLive
            : DefaultTimeToLive;
}
