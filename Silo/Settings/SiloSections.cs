using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Orleans.Configuration;
using OrleansMemory.Certificates;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Expiry;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Silo.Telemetry;

namespace OrleansMemory.Silo.Settings;

/// <summary>The sections below <c>OrleansMemory</c>, and the options that each of them sets.</summary>
internal static partial class SiloSections
{
    /// <summary>What all of them begin with.</summary>
    public const string Root = "OrleansMemory";

    /// <summary>The section of <see cref="ConversationOptions"/>.</summary>
    public const string Conversations = $"{Root}:Conversations";

    /// <summary>The section of <see cref="ExpiryOptions"/>.</summary>
    public const string Expiry = $"{Root}:Expiry";

    /// <summary>The section of <see cref="ClockOptions"/>.</summary>
    public const string Clock = $"{Root}:Clock";

    /// <summary>The section of <see cref="MemoryOptions"/>.</summary>
    public const string Memories = $"{Root}:Memories";

    /// <summary>The section of <see cref="RecallWeights"/>.</summary>
    public const string Recall = $"{Root}:Recall";

    /// <summary>The section of <see cref="PostgresStorageOptions"/>.</summary>
    public const string Postgres = $"{Root}:Postgres";

    /// <summary>How usage is counted, and for how long days and the audit trail are kept.</summary>
    public const string Usage = $"{Root}:Usage";

    /// <summary>Where the connection string stands.</summary>
    public const string ConnectionString = "ConnectionStrings:Postgres";

    /// <summary>Where the connection string of the account stands that may change the schema.</summary>
    public const string MigrationConnectionString = "ConnectionStrings:PostgresMigration";

    /// <summary>Every section with its options.</summary>
    public static readonly ImmutableArray<(string Section, Type Options)> All =
    [
        (Conversations, typeof(ConversationOptions)),
        (Expiry, typeof(ExpiryOptions)),
        (Clock, typeof(ClockOptions)),
        (Memories, typeof(MemoryOptions)),
        (Recall, typeof(RecallWeights)),
        (Usage, typeof(UsageOptions)),
        (Postgres, typeof(PostgresStorageOptions)),
        (HttpOptions.Section, typeof(HttpOptions)),
        (AccessOptions.Section, typeof(AccessOptions)),
        (MetricsOptions.Section, typeof(MetricsOptions)),
        (DashboardSettings.Section, typeof(DashboardSettings)),
        (StoreOptions.Section, typeof(StoreOptions)),
        (HostSetup.Section, typeof(PostgresClusterOptions)),
        ($"{HostSetup.Section}:{nameof(PostgresClusterOptions.Tls)}", typeof(ClusterTlsOptions)),
        (HostSetup.Section, typeof(ActivationOptions)),
        (HostSetup.Section, typeof(MembershipOptions)),
    ];

    /// <summary>Sections whose names are the operator's own.</summary>
    public static readonly ImmutableArray<string> Free = [ApiKeyReader.Section];

    /// <summary>Puts settings in the place of the options' members that a message names.</summary>
    /// <param name="message">The message of a rule.</param>
    /// <returns>The message as the operator of a silo understands it.</returns>
    public static string NameSettings(string message)
    {
        message = message
            .Replace(
                $"{nameof(PostgresStorageOptions)}.{nameof(PostgresStorageOptions.ConnectionString)}",
                ConnectionString,
                StringComparison.Ordinal
            )
            .Replace(
                $"{nameof(PostgresStorageOptions)}.{nameof(PostgresStorageOptions.MigrationConnectionString)}",
                MigrationConnectionString,
                StringComparison.Ordinal
            );
        return Member().Replace(message, match => SectionOf(match.Groups["options"].Value) is { } section ? section + ":" : match.Value);
    }

    private static string? SectionOf(string options) =>
        options == nameof(ClusterMembershipOptions)
            ? $"{HostSetup.Section}:{nameof(MembershipOptions.FailureDetection)}"
            : All.FirstOrDefault(known => known.Options.Name == options).Section;

    // The whole name: one may end with another.
    [GeneratedRegex(@"\b(?<options>\w+)\.(?=\w)", RegexOptions.None, 1_000)]
    private static partial Regex Member();
}
