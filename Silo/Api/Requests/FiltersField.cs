using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Silo.Api.Requests;

/// <summary>
/// Reads filters on metadata: for each property a value, a list of values of which it has one, or an object of comparisons; <c>$or</c> and
/// <c>$and</c> hold lists of such filters.
/// </summary>
internal static class FiltersField
{
    private const string Or = "$or";
    private const string And = "$and";
    private const int MaxDepth = 8;

    private static readonly Dictionary<string, MetadataComparison> Comparisons = new(StringComparer.Ordinal)
    {
        ["any"] = MetadataComparison.HasAny,
        ["all"] = MetadataComparison.HasAll,
        ["none"] = MetadataComparison.HasNone,
        ["atLeast"] = MetadataComparison.AtLeast,
        ["above"] = MetadataComparison.Above,
        ["atMost"] = MetadataComparison.AtMost,
        ["below"] = MetadataComparison.Below,
    };

    /// <summary>The conditions that labels answer: a text, true, false or null that must be there.</summary>
    public static ImmutableArray<MetadataMatch> Labels(IReadOnlyDictionary<string, JsonElement> filters) =>
        [.. filters.Where(IsLabel).Select(filter => new MetadataMatch { Name = filter.Key, Value = LabelOf(filter.Value) })];

    /// <summary>All other conditions.</summary>
    /// <returns>The filter; <see langword="null"/> when there are none.</returns>
    /// <exception cref="InvalidRequestException">One of them is not valid.</exception>
    public static MetadataFilter? Others(IReadOnlyDictionary<string, JsonElement> filters)
    {
        MetadataFilter[] others =
        [
            .. filters.Where(filter => !IsLabel(filter)).SelectMany(filter => Read(filter.Key, filter.Value, $"filters.{filter.Key}", 1)),
        ];
        return others.Length == 0 ? null : MetadataFilter.All(others);
    }

    private static bool IsLabel(KeyValuePair<string, JsonElement> filter) =>
        filter.Key is not (Or or And)
        && filter.Value.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null;

    private static string LabelOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? JsonText.Read(value) : value.GetRawText();

    private static MetadataFilter[] Read(string name, JsonElement value, string path, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidRequestException(path, $"Filters are up to {MaxDepth} deep.");
        }

        return (name, value.ValueKind) switch
        {
            (Or, _) => [MetadataFilter.Any([.. Groups(value, path, depth)])],
            (And, _) => [MetadataFilter.All([.. Groups(value, path, depth)])],
            (_, JsonValueKind.Array) => [Condition(name, MetadataComparison.HasAny, value, path)],
            (_, JsonValueKind.Object) => ReadComparisons(name, value, path),
            _ =>
            [
                new MetadataFilter
                {
                    Name = name,
                    Comparison = MetadataComparison.HasAny,
                    Values = [Plain(value, path)],
                },
            ],
        };
    }

    private static MetadataFilter[] ReadComparisons(string name, JsonElement value, string path)
    {
        MetadataFilter[] conditions =
        [
            .. StrictObject
                .ReadMap(value, path)
                .Select(comparison =>
                    Comparisons.TryGetValue(comparison.Key, out MetadataComparison known)
                        ? Condition(name, known, comparison.Value, $"{path}.{comparison.Key}")
                        : throw new InvalidRequestException(
                            $"{path}.{comparison.Key}",
                            $"This comparison is not known. Known here: {string.Join(", ", Comparisons.Keys)}."
                        )
                ),
        ];
        return conditions.Length > 0
            ? conditions
            : throw new InvalidRequestException(path, $"A comparison is expected here: {string.Join(", ", Comparisons.Keys)}.");
    }

    private static MetadataFilter Condition(string name, MetadataComparison comparison, JsonElement value, string path) =>
        new()
        {
            Name = name,
            Comparison = comparison,
            Values =
                value.ValueKind == JsonValueKind.Array
                    ? [.. StrictObject.Items(value, path).Select(item => Plain(item.Element, item.Path))]
                    : [Plain(value, path)],
        };

    private static IEnumerable<MetadataFilter> Groups(JsonElement value, string path, int depth)
    {
        (JsonElement Element, string Path)[] items = [.. StrictObject.Items(value, path)];
        return items.Length == 0
            ? throw new InvalidRequestException(path, "At least one filter is expected here.")
            : items.Select(item => Group(item.Element, item.Path, depth));
    }

    private static MetadataFilter Group(JsonElement element, string path, int depth)
    {
        MetadataFilter[] conditions =
        [
            .. StrictObject.ReadMap(element, path).SelectMany(filter => Read(filter.Key, filter.Value, $"{path}.{filter.Key}", depth + 1)),
        ];
        return conditions.Length switch
        {
            0 => throw new InvalidRequestException(path, "At least one filter is expected here."),
            1 => conditions[0],
            _ => MetadataFilter.All(conditions),
        };
    }

    private static string Plain(JsonElement value, string path) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null
            ? value.GetRawText()
            : throw new InvalidRequestException(path, "A text, a number, true, false or null is expected here.");
}
