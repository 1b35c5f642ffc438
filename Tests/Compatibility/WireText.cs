using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>
/// All written members of a value as lines of text, by their ids: equal values have equal text, whatever their members are called.
/// </summary>
internal static class WireText
{
    public static IReadOnlyList<string> Of(object value)
    {
        var lines = new List<string>();
        Write("", value, lines);
        return lines;
    }

    private static void Write(string path, object? value, List<string> lines)
    {
        if (value is not (null or Enum) && WireTypes.IsOurs(value.GetType()))
        {
            lines.Add($"{path} {WireTypes.Alias(value.GetType())}".TrimStart());
            if (value is Exception failure)
            {
                lines.Add($"{path}.message {JsonSerializer.Serialize(failure.Message)}");
            }

            foreach (WireMember member in WireMember.Of(value.GetType()))
            {
                Write($"{path}.{member.Key}", member.Field.GetValue(value), lines);
            }
        }
        else if (value is IEnumerable items and not string)
        {
            object?[] all = IsDefaultArray(value) ? [] : [.. items.Cast<object?>()];
            lines.Add(FormattableString.Invariant($"{path} {all.Length} items"));
            for (int i = 0; i < all.Length; i++)
            {
                Write(FormattableString.Invariant($"{path}[{i}]"), all[i], lines);
            }
        }
        else
        {
            lines.Add($"{path} {Simple(value)}");
        }
    }

    private static bool IsDefaultArray(object value) => value.GetType().GetProperty("IsDefault")?.GetValue(value) is true;

    private static string Simple(object? value) =>
        value switch
        {
            null => "null",
            string text => JsonSerializer.Serialize(text),
            Enum choice => choice.ToString("D"),
            DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
            Exception failure => $"{failure.GetType().Name} {failure.Message}",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
}
