namespace Orleans.Runtime;

/// <summary>Values that travel with a grain call to the grain and from there with the calls it makes.</summary>
/// <remarks>What a grain sets reaches the grains it calls, never back to its caller. Values should be immutable: they are not
/// copied.</remarks>
public static class RequestContext
{
    private static readonly AsyncLocal<Dictionary<string, object>?> Values = new();

    /// <summary>The names of the values present.</summary>
    public static IEnumerable<string> Keys => Values.Value?.Keys ?? Enumerable.Empty<string>();

    /// <summary>The values present.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries => Values.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    // A published dictionary is never changed again, so that calls may carry it without a copy.
    internal static Dictionary<string, object>? Current
    {
        get => Values.Value;
        set => Values.Value = value;
    }

    /// <summary>Reads a value.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>The value, or null when there is none of that name.</returns>
    public static object? Get(string key) => Values.Value is { } values && values.TryGetValue(key, out var value) ? value : null;

    /// <summary>Adds or replaces a value for the rest of this flow of execution.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">The value.</param>
    public static void Set(string key, object value) =>
        Values.Value = new(Values.Value ?? [], StringComparer.Ordinal) { [key] = value };

    /// <summary>Removes a value for the rest of this flow of execution.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>Whether there was one.</returns>
    public static bool Remove(string key)
    {
        if (Values.Value is not { } values || !values.ContainsKey(key)) return false;
        var rest = new Dictionary<string, object>(values, StringComparer.Ordinal);
        rest.Remove(key);
        Values.Value = rest.Count == 0 ? null : rest;
        return true;
    }

    /// <summary>Removes all values for the rest of this flow of execution.</summary>
    public static void Clear()
    {
        if (Values.Value is not null) Values.Value = null;
    }
}
