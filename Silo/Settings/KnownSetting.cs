using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace OrleansMemory.Silo.Settings;

/// <summary>
/// A name that settings may have, with what may stand below it. The names are those of the options' members, so they are never out of date.
/// </summary>
internal sealed class KnownSetting
{
    private readonly Dictionary<string, KnownSetting> _children = new(StringComparer.OrdinalIgnoreCase);
    private KnownSetting? _entry;
    private bool _isFree;

    private KnownSetting(string path) => Path = path;

    /// <summary>The path, from the first section on.</summary>
    public string Path { get; }

    /// <summary>The type of the value; <see langword="null"/> for a section.</summary>
    public Type? Value { get; private set; }

    /// <summary>What the value may be; <see langword="null"/> where it may be any of its type, or its options' validator decides.</summary>
    public RangeAttribute? Range { get; private set; }

    /// <summary>The names below.</summary>
    public IReadOnlyDictionary<string, KnownSetting> Children => _children;

    /// <summary>Every name that holds a value, here and below.</summary>
    public IEnumerable<KnownSetting> Values => Value is null ? _children.Values.SelectMany(child => child.Values) : [this];

    /// <summary>Every name below <see cref="SiloSections.Root"/>.</summary>
    public static KnownSetting Root()
    {
        var root = new KnownSetting(SiloSections.Root);
        foreach ((string section, Type options) in SiloSections.All)
        {
            root.Below(section).AddMembers(options);
        }

        foreach (string section in SiloSections.Free)
        {
            root.Below(section)._isFree = true;
        }

        // They are set from ConnectionStrings alone.
        root.Below(SiloSections.Postgres)._children.Remove(nameof(Grains.Storage.Postgres.PostgresStorageOptions.ConnectionString));
        root.Below(SiloSections.Postgres)
            ._children.Remove(nameof(Grains.Storage.Postgres.PostgresStorageOptions.MigrationConnectionString));
        return root;
    }

    /// <summary>Finds a name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>What is known of it; <see langword="null"/> when it is unknown.</returns>
    public KnownSetting? Find(string name) => _isFree ? this : _children.GetValueOrDefault(name) ?? _entry;

    private KnownSetting Below(string path)
    {
        KnownSetting setting = this;
        foreach (string name in path.Split(':').Skip(1))
        {
            setting = setting.Child(name);
        }

        return setting;
    }

    private KnownSetting Child(string name)
    {
        if (!_children.TryGetValue(name, out KnownSetting? child))
        {
            _children[name] = child = new KnownSetting($"{Path}:{name}");
        }

        return child;
    }

    private void AddMembers(Type type)
    {
        if (TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)))
        {
            Value = type;
            return;
        }

        foreach (
            PropertyInfo member in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(member => member.GetIndexParameters().Length == 0)
        )
        {
            if (EntryOf(member.PropertyType) is { } entry)
            {
                KnownSetting dictionary = Child(member.Name);
                (dictionary._entry = new KnownSetting($"{dictionary.Path}:*")).AddMembers(entry);
            }
            else if (member.SetMethod is { IsPublic: true })
            {
                KnownSetting child = Child(member.Name);
                child.Range = member.GetCustomAttribute<RangeAttribute>();
                child.AddMembers(member.PropertyType);
            }
        }
    }

    private static Type? EntryOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>) ? type.GetGenericArguments()[1] : null;
}
