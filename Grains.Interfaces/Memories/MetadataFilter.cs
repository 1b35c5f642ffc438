using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace OrleansMemory.Memories;

/// <summary>
/// A condition on metadata, or several of which all or one must hold. A condition has <see cref="Name"/>, <see cref="Comparison"/> and
/// <see cref="Values"/>; a group has <see cref="AllOf"/> or <see cref="AnyOf"/>. Up to 64 conditions in groups up to 8 deep, with up to 256
/// values each.
/// </summary>
/// <example>
/// <code>
/// MetadataFilter filter = MetadataFilter.All(
///     MetadataFilter.Where("stars", MetadataComparison.AtLeast, 4),
///     MetadataFilter.Any(
///         MetadataFilter.Where("tags", MetadataComparison.HasAny, "hotel", "flat"),
///         MetadataFilter.Where("booked", MetadataComparison.HasAny, true)));
/// </code>
/// </example>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MetadataFilter")]
public sealed record MetadataFilter
{
    /// <summary>The property of the metadata object; <see langword="null"/> for a group.</summary>
    [Id(0)]
    public string? Name { get; init; }

    /// <summary>How it is compared.</summary>
    [Id(1)]
    public MetadataComparison Comparison { get; init; }

    /// <summary>With what: JSON of a string, a number, true, false or null each. A range has one value, a number or a date.</summary>
    /// <value>Default: none.</value>
    [Id(2)]
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>Conditions that must all hold.</summary>
    /// <value>Default: none.</value>
    [Id(3)]
    public ImmutableArray<MetadataFilter> AllOf { get; init; } = [];

    /// <summary>Conditions of which one must hold.</summary>
    /// <value>Default: none.</value>
    [Id(4)]
    public ImmutableArray<MetadataFilter> AnyOf { get; init; } = [];

    /// <summary>Makes a condition.</summary>
    /// <param name="name">The name of a property of the metadata, compared exactly.</param>
    /// <param name="comparison">How it is compared.</param>
    /// <param name="values">With what: strings, numbers, booleans, dates and <see langword="null"/>.</param>
    /// <returns>The condition.</returns>
    /// <exception cref="ArgumentException">A value is of another type, or no finite number.</exception>
    public static MetadataFilter Where(string name, MetadataComparison comparison, params object?[] values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        return new MetadataFilter
        {
            Name = name,
            Comparison = comparison,
            Values = [.. values.Select(Write)],
        };
    }

    /// <summary>Makes a group of which all must hold.</summary>
    /// <param name="filters">The conditions.</param>
    /// <returns>The group.</returns>
    public static MetadataFilter All(params MetadataFilter[] filters) => new() { AllOf = [.. filters] };

    /// <summary>Makes a group of which one must hold.</summary>
    /// <param name="filters">The conditions.</param>
    /// <returns>The group.</returns>
    public static MetadataFilter Any(params MetadataFilter[] filters) => new() { AnyOf = [.. filters] };

    private static string Write(object? value) =>
        value switch
        {
            null => "null",
            string text => JsonSerializer.Serialize(text),
            bool flag => flag ? "true" : "false",
            double number when !double.IsFinite(number) => throw new ArgumentException("A number must be finite.", nameof(value)),
            float number when !float.IsFinite(number) => throw new ArgumentException("A number must be finite.", nameof(value)),
            byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal => (
                (IFormattable)value
            ).ToString(null, CultureInfo.InvariantCulture),
            DateTimeOffset instant => JsonSerializer.Serialize(instant),
            DateTime instant => JsonSerializer.Serialize(instant),
            DateOnly date => JsonSerializer.Serialize(date),
            _ => throw new ArgumentException("A string, a number, a boolean, a date or null is expected.", nameof(value)),
        };
}
