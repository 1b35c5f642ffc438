using System.Globalization;
using System.Text.Json;

namespace OrleansMemory.Grains.Memories.Filters;

/// <summary>
/// A string, a number, true, false or null, as it is compared: numbers by value, dates by the instant, everything else by what it says.
/// </summary>
internal sealed class PlainValue
{
    private readonly JsonValueKind _kind;
    private readonly string? _text;
    private readonly decimal? _exact;
    private readonly double _number;
    private readonly DateTime? _instant;

    private PlainValue(JsonValueKind kind, string? text = null, decimal? exact = null, double number = 0, DateTime? instant = null) =>
        (_kind, _text, _exact, _number, _instant) = (kind, text, exact, number, instant);

    /// <summary>Whether it has an order: a number or a date.</summary>
    public bool HasOrder => _kind == JsonValueKind.Number || _instant is not null;

    /// <summary>Reads a value.</summary>
    /// <param name="element">The JSON.</param>
    /// <returns>The value; <see langword="null"/> for objects, lists, and strings with half a character.</returns>
    public static PlainValue? Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return TextOf(element) is { } text ? new PlainValue(JsonValueKind.String, text, instant: InstantOf(element)) : null;
            case JsonValueKind.Number:
                decimal? exact = element.TryGetDecimal(out decimal number) ? number : null;
                return new PlainValue(
                    JsonValueKind.Number,
                    exact: exact,
                    number: double.Parse(element.GetRawText(), CultureInfo.InvariantCulture)
                );
            case JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                return new PlainValue(element.ValueKind);
            default:
                return null;
        }
    }

    /// <summary>Whether another value is the same.</summary>
    /// <param name="other">The other value.</param>
    /// <returns>Whether it is.</returns>
    public bool IsSame(PlainValue other) =>
        _kind == other._kind
        && (HasOrder && other.HasOrder ? CompareTo(other) == 0 : string.Equals(_text, other._text, StringComparison.Ordinal));

    /// <summary>Orders two numbers or two dates.</summary>
    /// <param name="other">The other value.</param>
    /// <returns>Less than 0 when this is less; <see langword="null"/> when they have no order.</returns>
    public int? CompareTo(PlainValue other)
    {
        if (_instant is { } instant && other._instant is { } otherInstant)
        {
            return instant.CompareTo(otherInstant);
        }

        if (_kind != JsonValueKind.Number || other._kind != JsonValueKind.Number)
        {
            return null;
        }

        return _exact is { } exact && other._exact is { } otherExact ? exact.CompareTo(otherExact) : _number.CompareTo(other._number);
    }

    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escape is half a surrogate pair.
            return null;
        }
    }

    private static DateTime? InstantOf(JsonElement element)
    {
        if (!element.TryGetDateTime(out DateTime instant))
        {
            return null;
        }

        return instant.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(instant, DateTimeKind.Utc) : instant.ToUniversalTime();
    }
}
