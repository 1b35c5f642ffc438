using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OrleansMemory.Client.Json;

/// <summary>
/// Reads JSON strings exactly, also where an escape stands for a surrogate without a partner and System.Text.Json gives up.
/// </summary>
public static class JsonText
{
    /// <summary>The string at a reader's position.</summary>
    /// <param name="reader">A reader at a string or a property name.</param>
    /// <returns>The string.</returns>
    public static string Read(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.GetString()!;
        }

        ReadOnlySpan<byte> raw = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return raw.IndexOf("\\u"u8) < 0 ? reader.GetString()! : Unescape(raw);
    }

    /// <summary>The string that an element holds.</summary>
    /// <param name="element">An element that is a string.</param>
    /// <returns>The string.</returns>
    public static string Read(JsonElement element) => Unescape(JsonMarshal.GetRawUtf8Value(element)[1..^1]);

    /// <summary>The name of a property.</summary>
    /// <param name="property">The property.</param>
    /// <returns>Its name.</returns>
    public static string ReadName(JsonProperty property) => Unescape(JsonMarshal.GetRawUtf8PropertyName(property));

    /// <summary>
    /// Whether a property has a name, whatever else stands in its object: System.Text.Json's own comparisons fail at a name with a
    /// surrogate without a partner.
    /// </summary>
    /// <param name="property">The property.</param>
    /// <param name="name">The name, in ASCII.</param>
    /// <returns>Whether it is its name.</returns>
    public static bool IsNamed(JsonProperty property, string name)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8PropertyName(property);
        return raw.Contains((byte)'\\') ? Unescape(raw).Equals(name, StringComparison.Ordinal) : Ascii.Equals(raw, name);
    }

    /// <summary>Finds a property of an object; of two with one name the last one.</summary>
    /// <param name="element">The object.</param>
    /// <param name="name">The name, in ASCII.</param>
    /// <param name="value">The property's value.</param>
    /// <returns>Whether there is such a property.</returns>
    public static bool TryGetProperty(JsonElement element, string name, out JsonElement value)
    {
        bool found = false;
        value = default;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (IsNamed(property, name))
            {
                (found, value) = (true, property.Value);
            }
        }

        return found;
    }

    /// <summary>Resolves the escapes of a valid JSON string.</summary>
    /// <param name="raw">What stands between the quotes, in UTF-8.</param>
    /// <returns>The string.</returns>
    public static string Unescape(ReadOnlySpan<byte> raw)
    {
        int escape = raw.IndexOf((byte)'\\');
        if (escape < 0)
        {
            return Encoding.UTF8.GetString(raw);
        }

        var text = new StringBuilder(raw.Length);
        while (escape >= 0)
        {
            text.Append(Encoding.UTF8.GetString(raw[..escape]));
            byte kind = raw[escape + 1];
            if (kind == (byte)'u')
            {
                text.Append((char)ushort.Parse(raw.Slice(escape + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                raw = raw[(escape + 6)..];
            }
            else
            {
                text.Append(Plain(kind));
                raw = raw[(escape + 2)..];
            }

            escape = raw.IndexOf((byte)'\\');
        }

        return text.Append(Encoding.UTF8.GetString(raw)).ToString();
    }

    private static char Plain(byte kind) =>
        kind switch
        {
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            _ => (char)kind,
        };
}
