using System.ComponentModel.DataAnnotations;

namespace OrleansMemory.Silo.Access;

/// <summary>Who is let in: the section <c>OrleansMemory:Access</c>. The keys themselves stand in <c>OrleansMemory:ApiKeys</c>.</summary>
internal sealed class AccessOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "OrleansMemory:Access";

    /// <summary>Whether only configured keys open anything: keys that tenants have set for themselves are unknown then.</summary>
    /// <value>Default: false.</value>
    public bool ConfiguredKeysOnly { get; set; }

    /// <summary>
    /// How many unknown keys of one address (of one /64 network for IPv6) are answered with 403, at once and per minute; what comes beyond
    /// is answered with 429. Known keys of the same address are served all the same.
    /// </summary>
    /// <value>Default: 60. Range: 1 to 1,000,000.</value>
    [Range(1, 1_000_000, ErrorMessage = "OrleansMemory:Access:RefusedKeysPerMinute must be 1 to 1000000.")]
    public int RefusedKeysPerMinute { get; set; } = 60;
}
