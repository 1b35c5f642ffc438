namespace OrleansMemory.Tests.Documentation;

/// <summary>Code that a page shows.</summary>
/// <param name="Page">The page.</param>
/// <param name="Line">The line above its first, counted from 1.</param>
/// <param name="Language">What stands behind the fence.</param>
/// <param name="Code">The code, which ends with a line's end.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Code)
{
    /// <summary>Where to look.</summary>
    public override string ToString() => $"{Page}:{Line}";
}
