using System.Globalization;
using System.Text;

namespace OrleansMemory.Cli.Terminal;

/// <summary>
/// Makes JSON of others readable: a half of a character outside the basic plane, which a silo keeps as it came, is no text for .NET.
/// </summary>
internal static class PlainJson
{
    private const int EscapeLength = 6;

    private const string Replacement = "\\uFFFD";

    /// <summary>Replaces escapes of surrogates without a partner.</summary>
    /// <param name="json">Valid JSON.</param>
    /// <returns>JSON of the same form.</returns>
    public static string Of(string json)
    {
        if (!json.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
        {
            return json;
        }

        var plain = new StringBuilder(json.Length);
        for (int i = 0; i < json.Length;)
        {
            int length = json[i] == '\\' ? 2 : 1;
            if (UnitAt(json, i) is { } unit && char.IsSurrogate(unit))
            {
                bool isPair = char.IsHighSurrogate(unit) && UnitAt(json, i + EscapeLength) is { } low && char.IsLowSurrogate(low);
                length = isPair ? 2 * EscapeLength : EscapeLength;
                plain.Append(isPair ? json.AsSpan(i, length) : Replacement);
            }
            else
            {
                plain.Append(json.AsSpan(i, Math.Min(length, json.Length - i)));
            }

            i += length;
        }

        return plain.ToString();
    }

    private static char? UnitAt(string json, int index) =>
        index + EscapeLength <= json.Length
        && json[index] == '\\'
        && json[index + 1] == 'u'
        && ushort.TryParse(json.AsSpan(index + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit)
            ? (char)unit
            : null;
}
