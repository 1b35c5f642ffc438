namespace OrleansMemory.Client.Windows;

/// <summary>How large messages are, in the three units that a window may be bounded in.</summary>
/// <param name="Messages">How many.</param>
internal readonly record struct WindowSize(long Messages, long Tokens, long Bytes)
{
    public static WindowSize operator +(WindowSize left, WindowSize right) =>
        new(left.Messages + right.Messages, left.Tokens + right.Tokens, left.Bytes + right.Bytes);

    public static WindowSize operator -(WindowSize left, WindowSize right) =>
        new(left.Messages - right.Messages, left.Tokens - right.Tokens, left.Bytes - right.Bytes);
}

/// <summary>The bounds of a window; a bound that is <see langword="null"/> does not bind.</summary>
/// <param name="Messages">The most messages.</param>
/// <param name="Tokens">The most tokens.</param>
/// <param name="Bytes">The most bytes.</param>
internal readonly record struct WindowBudget(long? Messages, long? Tokens, long? Bytes)
{
    /// <summary>Whether messages of this size fit.</summary>
    /// <returns>Whether no bound is passed.</returns>
    public bool Holds(WindowSize size) => !(size.Messages > Messages) && !(size.Tokens > Tokens) && !(size.Bytes > Bytes);
}
