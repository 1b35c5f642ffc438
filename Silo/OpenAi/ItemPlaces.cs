namespace OrleansMemory.Silo.OpenAi;

/// <summary>Places in items, as JSON pointers.</summary>
internal static class ItemPlaces
{
    public const string Id = "/id";

    public const string Arguments = "/arguments";

    public const string Output = "/output";

    /// <summary>The image that was generated, in base64.</summary>
    public const string Result = "/result";

    /// <summary>A field of a part.</summary>
    /// <param name="index">The part, from 0.</param>
    /// <returns>The place.</returns>
    public static string Of(string list, int index, string field) => FormattableString.Invariant($"/{list}/{index}/{field}");
}
