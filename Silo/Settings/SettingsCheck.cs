using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace OrleansMemory.Silo.Settings;

/// <summary>What was found in the settings below <see cref="SiloSections.Root"/>.</summary>
/// <param name="Unknown">The names that nothing reads.</param>
internal sealed record SettingsReport(ImmutableArray<UnknownSetting> Unknown);

/// <summary>A setting that nothing reads.</summary>
/// <param name="Path">Its path, up to the first unknown name: what follows may be a secret.</param>
/// <param name="Nearest">The known path that comes nearest; <see langword="null"/> when none is near.</param>
internal sealed record UnknownSetting(string Path, string? Nearest);

/// <summary>Looks through the settings before anything is made of them.</summary>
internal sealed class SettingsCheck
{
    private readonly KnownSetting _root = KnownSetting.Root();
    private readonly ImmutableArray<UnknownSetting>.Builder _unknown = ImmutableArray.CreateBuilder<UnknownSetting>();

    private SettingsCheck() { }

    /// <summary>Looks through the settings.</summary>
    /// <returns>What was found.</returns>
    /// <exception cref="SettingException">A value is not of the setting's type, or not within its range.</exception>
    public static SettingsReport Run(IConfiguration configuration)
    {
        var check = new SettingsCheck();
        check.Visit(configuration.GetSection(SiloSections.Root), check._root);
        return new SettingsReport(check._unknown.ToImmutable());
    }

    private void Visit(IConfigurationSection section, KnownSetting known)
    {
        if (known.Value is { } type && section.Value is { } value && !Fits(type, known.Range, value))
        {
            throw new SettingException($"{section.Path} must be {Describe(type)}{Describe(known.Range)}.");
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (known.Find(child.Key) is { } next)
            {
                Visit(child, next);
            }
            else
            {
                _unknown.Add(new UnknownSetting(child.Path, Nearest(child, known)));
            }
        }
    }

    // The same name elsewhere comes first: it stands in the wrong section.
    private string? Nearest(IConfigurationSection section, KnownSetting parent) =>
        All(_root).FirstOrDefault(known => known.Path.EndsWith(":" + section.Key, StringComparison.OrdinalIgnoreCase))?.Path
        ?? NearestName.Find(section.Key, parent.Children.Keys) switch
        {
            { } name => parent.Children[name].Path,
            null => null,
        };

    private static IEnumerable<KnownSetting> All(KnownSetting known) =>
        known.Children.Values.SelectMany(child => All(child).Prepend(child));

    // As the binder converts: a nullable type takes an empty value as null. It would take any number for an enumeration.
    private static bool Fits(Type type, RangeAttribute? range, string value)
    {
        if (value.Length == 0 && Nullable.GetUnderlyingType(type) is not null)
        {
            return true;
        }

        try
        {
            object? converted = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return converted is Enum ? Enum.IsDefined(converted.GetType(), converted) : range is null || range.IsValid(converted);
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Describe(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            { IsEnum: true } kinds => string.Join(" or ", Enum.GetNames(kinds)),
            var some when some == typeof(bool) => "true or false",
            var some when some == typeof(TimeSpan) => "a duration, such as 00:00:30 (hours:minutes:seconds) or 1.00:00:00 (a day)",
            var some when some == typeof(double) || some == typeof(float) || some == typeof(decimal) => "a number, such as 0.5",
            var some when some == typeof(long) || some == typeof(int) => "a whole number",
            var some => $"a value of type {some.Name}",
        };

    private static string Describe(RangeAttribute? range) =>
        range is null ? "" : $", from {Bound(range, range.Minimum)} to {Bound(range, range.Maximum)}";

    // The attribute parses its bounds when it is first used.
    private static string? Bound(RangeAttribute range, object bound) =>
        range.OperandType == typeof(TimeSpan) && bound is string text
            ? TimeSpan.Parse(text, CultureInfo.InvariantCulture).ToString()
            : Convert.ToString(bound, CultureInfo.InvariantCulture);
}
