using System.Collections;

namespace OrleansMemory.Grains.Diagnostics.Logs;

/// <summary>The state of a redacted line: its values by name, as structured logs keep them, and its text.</summary>
internal sealed class RedactedLine(string text, IReadOnlyList<KeyValuePair<string, object?>> values)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    /// <inheritdoc />
    public int Count => values.Count;

    /// <inheritdoc />
    public KeyValuePair<string, object?> this[int index] => values[index];

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.GetEnumerator();

    /// <inheritdoc />
    public override string ToString() => text;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
