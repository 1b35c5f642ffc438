using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Json;

/// <summary>A JSON object that is read by the names it may have; whatever is wrong is refused with its path.</summary>
public readonly struct StrictObject
{
    // A handful: looking through them costs less than a table.
    private readonly KeyValuePair<string, JsonElement>[] _properties;
    private readonly string _path;

    private StrictObject(KeyValuePair<string, JsonElement>[] properties, string path)
    {
        _properties = properties;
        _path = path;
    }

    /// <summary>Reads an object of known names.</summary>
    /// <param name="element">What should be the object.</param>
    /// <param name="path">Where it stands; empty for the whole document.</param>
    /// <param name="names">The names that it may have.</param>
    /// <returns>The object.</returns>
    /// <exception cref="InvalidRequestException">It is no object, has a name twice or has another name.</exception>
    public static StrictObject Read(JsonElement element, string path, params ReadOnlySpan<string> names)
    {
        CheckObject(element, path);

        // One more than there are names is refused before there is no room for it.
        var properties = new KeyValuePair<string, JsonElement>[Math.Min(element.GetPropertyCount(), names.Length)];
        int count = 0;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name =
                Find(property, names)
                ?? throw new InvalidRequestException(
                    Join(path, JsonText.ReadName(property)),
                    $"This field is not known. Known here: {string.Join(", ", names)}."
                );
            foreach (KeyValuePair<string, JsonElement> earlier in properties.AsSpan(0, count))
            {
                if (ReferenceEquals(earlier.Key, name))
                {
                    throw Twice(path, name);
                }
            }

            properties[count++] = KeyValuePair.Create(name, property.Value);
        }

        return new StrictObject(properties, path);
    }

    /// <summary>Takes an object that was read field by field.</summary>
    /// <param name="properties">Its fields.</param>
    /// <param name="path">Where it stands; empty for the whole document.</param>
    /// <returns>The object.</returns>
    public static StrictObject Of(Dictionary<string, JsonElement> properties, string path = "") => new([.. properties], path);

    /// <summary>Reads an object of any names, each at most once.</summary>
    /// <param name="element">What should be the object.</param>
    /// <param name="path">Where it stands; empty for the whole document.</param>
    /// <returns>Its properties, in their order.</returns>
    /// <exception cref="InvalidRequestException">It is no object, or has a name twice.</exception>
    public static Dictionary<string, JsonElement> ReadMap(JsonElement element, string path)
    {
        CheckObject(element, path);
        var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = JsonText.ReadName(property);
            if (!properties.TryAdd(name, property.Value))
            {
                throw Twice(path, name);
            }
        }

        return properties;
    }

    /// <summary>The path of one of its fields.</summary>
    /// <param name="name">The field.</param>
    /// <returns>Its path.</returns>
    public string PathOf(string name) => Join(_path, name);

    /// <summary>A field's value.</summary>
    /// <param name="name">The field.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether the field is there and not null.</returns>
    public bool TryGet(string name, out JsonElement value) => TryGetAny(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A field's value, JSON null included.</summary>
    /// <param name="name">The field.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether the field is there.</returns>
    public bool TryGetAny(string name, out JsonElement value)
    {
        foreach (KeyValuePair<string, JsonElement> property in _properties)
        {
            if (string.Equals(property.Key, name, StringComparison.Ordinal))
            {
                value = property.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>A field that must be there.</summary>
    /// <param name="name">The field.</param>
    /// <returns>Its value, not null.</returns>
    public JsonElement Required(string name) =>
        TryGet(name, out JsonElement value) ? value : throw new InvalidRequestException(PathOf(name), "This field is required.");

    /// <summary>A text that must be there.</summary>
    /// <param name="name">The field.</param>
    /// <returns>Its text.</returns>
    public string RequiredText(string name) => ToText(Required(name), PathOf(name));

    /// <summary>A text that may be left out.</summary>
    /// <param name="name">The field.</param>
    /// <returns>Its text; <see langword="null"/> when it is absent or null.</returns>
    public string? Text(string name) => TryGet(name, out JsonElement value) ? ToText(value, PathOf(name)) : null;

    /// <summary>An object that may be left out, as it stands.</summary>
    /// <param name="name">The field.</param>
    /// <returns>Its JSON text; <see langword="null"/> when it is absent or null.</returns>
    public string? RawObject(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object
            ? value.GetRawText()
            : throw new InvalidRequestException(PathOf(name), "A JSON object is expected here.");
    }

    /// <summary>A whole number that must be there.</summary>
    /// <param name="name">The field.</param>
    /// <returns>The number.</returns>
    public long RequiredInteger(string name) => ToInteger(Required(name), PathOf(name));

    /// <summary>A whole number that may be left out.</summary>
    /// <param name="name">The field.</param>
    /// <returns>The number; <see langword="null"/> when it is absent or null.</returns>
    public long? Integer(string name) => TryGet(name, out JsonElement value) ? ToInteger(value, PathOf(name)) : null;

    /// <summary>A truth value that may be left out.</summary>
    /// <param name="name">The field.</param>
    /// <returns>The value; <see langword="false"/> when it is absent or null.</returns>
    public bool Flag(string name) =>
        TryGet(name, out JsonElement value)
        && value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new InvalidRequestException(PathOf(name), "true or false is expected here."),
        };

    /// <summary>A number of seconds that may be left out.</summary>
    /// <param name="name">The field.</param>
    /// <returns>The duration; <see langword="null"/> when it is absent or null.</returns>
    public TimeSpan? Seconds(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal seconds)
            ? Durations.FromSeconds(seconds, PathOf(name))
            : throw new InvalidRequestException(PathOf(name), "A number of seconds is expected here.");
    }

    /// <summary>An instant that may be left out.</summary>
    /// <param name="name">The field.</param>
    /// <returns>The instant, in UTC and whole microseconds; <see langword="null"/> when it is absent or null.</returns>
    public DateTimeOffset? Instant(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String && Instants.TryParse(JsonText.Read(value), out DateTimeOffset instant)
            ? instant
            : throw new InvalidRequestException(PathOf(name), Instants.Expected);
    }

    /// <summary>The elements of an array that may be left out.</summary>
    /// <param name="name">The field.</param>
    /// <returns>The elements, each with its path; none when it is absent or null.</returns>
    public IEnumerable<(JsonElement Element, string Path)> Items(string name) =>
        TryGet(name, out JsonElement value) ? Items(value, PathOf(name)) : [];

    /// <summary>The elements of an array.</summary>
    /// <param name="array">What should be the array.</param>
    /// <param name="path">Where it stands.</param>
    /// <returns>The elements, each with its path.</returns>
    public static IEnumerable<(JsonElement Element, string Path)> Items(JsonElement array, string path) =>
        array.ValueKind == JsonValueKind.Array
            ? array.EnumerateArray().Select((item, index) => (item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")))
            : throw new InvalidRequestException(path, "A JSON array is expected here.");

    private static void CheckObject(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidRequestException(path.Length == 0 ? "body" : path, "A JSON object is expected here.");
        }
    }

    // The name as it is known, so that none is made for each request. Known names are ASCII.
    private static string? Find(JsonProperty property, ReadOnlySpan<string> names)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8PropertyName(property);
        string? escaped = raw.Contains((byte)'\\') ? JsonText.Unescape(raw) : null;
        foreach (string name in names)
        {
            if (escaped is null ? Ascii.Equals(raw, name) : escaped.Equals(name, StringComparison.Ordinal))
            {
                return name;
            }
        }

        return null;
    }

    private static InvalidRequestException Twice(string path, string name) => new(Join(path, name), "This field stands here twice.");

    private static string ToText(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String
            ? JsonText.Read(value)
            : throw new InvalidRequestException(path, "A text is expected here.");

    private static long ToInteger(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : throw new InvalidRequestException(path, "A whole number is expected here.");

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
