using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>A wall clock that is set from outside, by libfaketime.</summary>
internal static class FakeClock
{
    /// <summary>The environment of a process whose wall clock follows a file; a change is seen within a second.</summary>
    /// <param name="file">The file: by how many seconds the clock is ahead, as <c>+8</c>.</param>
    public static (string Name, string Value)[] Following(string file) =>
    [
        .. FaketimeFactAttribute.Ahead(TimeSpan.Zero).Where(variable => variable.Name != "FAKETIME"),
        ("FAKETIME_TIMESTAMP_FILE", file),
        ("FAKETIME_CACHE_DURATION", "1"),
        ("FAKETIME_DISABLE_SHM", "1"),
    ];
}
