using System.Text.Json;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Filters;

/// <summary>Checks a filter and makes the condition of it.</summary>
internal sealed class ConditionReader
{
    private const string Parameter = "filter";
    private const int MaxConditions = 64;
    private const int MaxDepth = 8;
    private const int MaxValues = 256;
    private const int MaxValueBytes = 4096;

    private int _conditions;

    /// <summary>Reads a filter.</summary>
    /// <param name="filter">The filter; <see langword="null"/> for none.</param>
    /// <returns>The condition; <see langword="null"/> for none.</returns>
    /// <exception cref="InvalidRequestException">It is not valid.</exception>
    public static MetadataCondition? Read(MetadataFilter? filter) => filter is null ? null : new ConditionReader().Read(filter, 1);

    private MetadataCondition Read(MetadataFilter? filter, int depth)
    {
        if (filter is null || depth > MaxDepth || ++_conditions > MaxConditions)
        {
            throw Refusal($"A filter has up to {MaxConditions} conditions and groups, up to {MaxDepth} deep, none of them missing.");
        }

        MetadataFilter[] allOf = filter.AllOf.IsDefault ? [] : [.. filter.AllOf];
        MetadataFilter[] anyOf = filter.AnyOf.IsDefault ? [] : [.. filter.AnyOf];
        int parts = (filter.Name is null ? 0 : 1) + (allOf.Length > 0 ? 1 : 0) + (anyOf.Length > 0 ? 1 : 0);
        if (parts != 1)
        {
            throw Refusal("A filter is either a condition, with a name, or a group of at least one that all or one of must hold.");
        }

        return filter.Name is not null
            ? ReadCondition(filter)
            : new ConditionGroup([.. (allOf.Length > 0 ? allOf : anyOf).Select(part => Read(part, depth + 1))], allOf.Length > 0);
    }

    private static PropertyCondition ReadCondition(MetadataFilter filter)
    {
        TextRules.Require(filter.Name, $"{Parameter}.name", MaxValueBytes);
        if (!Enum.IsDefined(filter.Comparison))
        {
            throw Refusal("comparison is not known.");
        }

        string[] values = filter.Values.IsDefault ? [] : [.. filter.Values];
        if (values.Length is 0 or > MaxValues)
        {
            throw Refusal($"A condition has 1 to {MaxValues} values; {values.Length} were given.");
        }

        PlainValue[] plain = [.. values.Select(Value)];
        bool isRange = filter.Comparison is not (MetadataComparison.HasAny or MetadataComparison.HasAll or MetadataComparison.HasNone);
        return isRange && (plain.Length != 1 || !plain[0].HasOrder)
            ? throw Refusal("A range has one value: a number, or a date of ISO 8601.")
            : new PropertyCondition(filter.Name!, filter.Comparison, plain);
    }

    private static PlainValue Value(string? json)
    {
        if (json is null || json.Length > MaxValueBytes)
        {
            throw Refusal($"A value is JSON of up to {MaxValueBytes} characters.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return PlainValue.Read(document.RootElement) ?? throw Refusal("A value is a string, a number, true, false or null.");
        }
        catch (JsonException)
        {
            throw Refusal("A value is JSON of a string, a number, true, false or null.");
        }
    }

    private static InvalidRequestException Refusal(string message) => new(Parameter, message);
}
