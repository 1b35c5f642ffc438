using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Grains.Memories;

/// <summary>Limits and sizes of long-term memories.</summary>
public sealed class MemoryOptions
{
    /// <summary>The most bytes of one memory's text and caption together, in UTF-8: 1 KiB to 16 MiB.</summary>
    /// <value>Default: 1 MiB.</value>
    [Range(1024, 16 * 1024 * 1024, ErrorMessage = "MemoryOptions.MaxMemoryBytes must be 1 KiB to 16 MiB.")]
    public int MaxMemoryBytes { get; set; } = 1024 * 1024;

    /// <summary>The most bytes of one memory's metadata, in UTF-8: 256 bytes to 1 MiB.</summary>
    /// <value>Default: 16 KiB.</value>
    [Range(256, 1024 * 1024, ErrorMessage = "MemoryOptions.MaxMetadataBytes must be 256 bytes to 1 MiB.")]
    public int MaxMetadataBytes { get; set; } = 16 * 1024;

    /// <summary>The most memories of one recording, 1 to 100,000.</summary>
    /// <value>Default: 10,000.</value>
    [Range(1, 100_000, ErrorMessage = "MemoryOptions.MaxRecordMemories must be 1 to 100000.")]
    public int MaxRecordMemories { get; set; } = 10_000;

    /// <summary>
    /// The most bytes of one recording, metadata included, in UTF-8: 1 KiB to 128 MiB, and not less than one memory may have with its
    /// metadata.
    /// </summary>
    /// <value>Default: 16 MiB.</value>
    [Range(1024, 128 * 1024 * 1024, ErrorMessage = "MemoryOptions.MaxRecordBytes must be 1 KiB to 128 MiB.")]
    public int MaxRecordBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// The most memories of one scope that are held for recall, 1 to 2,000,000. Of a scope that shows more, the newest are.
    /// </summary>
    /// <value>Default: 200,000.</value>
    [Range(1, 2_000_000, ErrorMessage = "MemoryOptions.MaxScopeMemories must be 1 to 2000000.")]
    public int MaxScopeMemories { get; set; } = 200_000;

    /// <summary>
    /// The most bytes of text of one scope that are held for recall, in UTF-16: 1 MiB to 16 GiB. Of a scope that shows more, the newest
    /// memories are held; the newest one whatever its size.
    /// </summary>
    /// <value>Default: 512 MiB.</value>
    [Range(1024 * 1024L, 16L * 1024 * 1024 * 1024, ErrorMessage = "MemoryOptions.MaxScopeBytes must be 1 MiB to 16 GiB.")]
    public long MaxScopeBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>
    /// The most bytes of memories in one answer of a recall or a list, 64 KiB to 64 MiB. An answer ends early where it would have more; its
    /// first memory is given whatever its size.
    /// </summary>
    /// <value>Default: 8 MiB.</value>
    [Range(64 * 1024, 64 * 1024 * 1024, ErrorMessage = "MemoryOptions.MaxAnswerBytes must be 64 KiB to 64 MiB.")]
    public int MaxAnswerBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How long a memory lives whose recording does not say so: one microsecond to 36,500 days.</summary>
    /// <value>Default: <see langword="null"/>: it does not expire.</value>
    public TimeSpan? DefaultTimeToLive { get; set; }

    /// <summary>
    /// Which pause between two turns, by the instants at which they were said, ends an episode where no session is named: 1 second to
    /// 36,500 days. Turns of one episode are each other's context.
    /// </summary>
    /// <value>Default: 30 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "36500.00:00:00", ErrorMessage = "MemoryOptions.EpisodePause must be 1 second to 36500 days.")]
    public TimeSpan EpisodePause { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How long the id and the names of a deleted memory are kept, so that every activation learns of the deletion: 1 minute to 30 days.
    /// Nothing that it said is kept. An activation that has not looked for half of it reads its scope anew.
    /// </summary>
    /// <value>Default: 24 hours.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ErrorMessage = "MemoryOptions.TraceWindow must be 1 minute to 30 days.")]
    public TimeSpan TraceWindow { get; set; } = TimeSpan.FromHours(24);
}
