namespace OrleansMemory.Memories;

/// <summary>
/// How a property of metadata is compared. A list is compared by its elements, anything else as a list of one. Numbers are equal by value
/// (1 and 1.0), texts ordinally, and texts that are dates of ISO 8601 by the instant; a date without an offset is one of UTC.
/// </summary>
[GenerateSerializer, Alias("OrleansMemory.MetadataComparison")]
public enum MetadataComparison
{
    /// <summary>It has one of the values, or more.</summary>
    HasAny = 0,

    /// <summary>It has all of the values.</summary>
    HasAll = 1,

    /// <summary>It has none of the values, or is not there.</summary>
    HasNone = 2,

    /// <summary>It has a number or a date that is the value or more.</summary>
    AtLeast = 3,

    /// <summary>It has a number or a date that is more than the value.</summary>
    Above = 4,

    /// <summary>It has a number or a date that is the value or less.</summary>
    AtMost = 5,

    /// <summary>It has a number or a date that is less than the value.</summary>
    Below = 6,
}
