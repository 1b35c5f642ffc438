using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>Writes a floating-point number so that it comes back as one: 3 is written as 3.0.</summary>
/// <typeparam name="T">Its type.</typeparam>
internal sealed class FloatingPointConverter<T> : JsonConverter<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private const JsonNumberHandling Texts = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals;

    /// <inheritdoc />
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Number => T.CreateSaturating(reader.GetDouble()),
            JsonTokenType.String
                when (options.NumberHandling & Texts) != JsonNumberHandling.Strict
                    && T.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out T number) => number,
            _ => throw new JsonException(),
        };

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (!T.IsFinite(value))
        {
            // JSON has no such number.
            if (!options.NumberHandling.HasFlag(JsonNumberHandling.AllowNamedFloatingPointLiterals))
            {
                throw new JsonException();
            }

            writer.WriteStringValue(value.ToString(null, CultureInfo.InvariantCulture));
            return;
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);
        writer.WriteRawValue(text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text, skipInputValidation: true);
    }
}

/// <summary>Writes whole numbers of any length.</summary>
internal sealed class BigIntegerConverter : JsonConverter<BigInteger>
{
    /// <inheritdoc />
    public override BigInteger Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument number = JsonDocument.ParseValue(ref reader);
        return BigInteger.TryParse(
            number.RootElement.GetRawText(),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out BigInteger value
        )
            ? value
            : throw new JsonException();
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
}
