using System.Reflection;
using Orleans.Runtime.Activations;

namespace Orleans.Runtime;

/// <summary>The grain classes of one host, by type name and by interface.</summary>
internal sealed class GrainClassMap
{
    private readonly Dictionary<string, GrainClass> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, List<GrainClass>> _byInterface = [];

    internal GrainClassMap(EmbeddedSilo silo)
    {
        foreach (var type in GrainAssemblies.FindGrainClasses())
        {
            var name = NameOf(type);
            var ages = silo.Collection.ClassSpecificCollectionAge;
            var grainClass = new GrainClass(silo, type, name, ages.GetValueOrDefault(type.FullName!, silo.Collection.CollectionAge));
            if (!_byName.TryAdd(name.ToString(), grainClass))
            {
                throw new OrleansConfigurationException(
                    $"{type} and {_byName[name.ToString()].Type} are both called {name}. Give one of them another [GrainType].");
            }

            foreach (var grainInterface in type.GetInterfaces().Where(static candidate => typeof(IGrain).IsAssignableFrom(candidate)))
            {
                if (!_byInterface.TryGetValue(grainInterface, out var classes)) _byInterface[grainInterface] = classes = [];
                classes.Add(grainClass);
            }
        }
    }

    internal int Count => _byName.Count;

    internal IEnumerable<Activation> Activations => _byName.Values.SelectMany(static grainClass => grainClass.Activations);

    /// <summary>The class of a grain type.</summary>
    /// <exception cref="ArgumentException">The host knows none.</exception>
    internal GrainClass Get(GrainType grainType) =>
        _byName.GetValueOrDefault(grainType.ToString())
        ?? throw new ArgumentException($"No grain class is called {grainType}.", nameof(grainType));

    /// <summary>The class that implements an interface.</summary>
    /// <param name="grainInterface">The interface.</param>
    /// <param name="prefix">Start of the full class name, or null.</param>
    /// <exception cref="ArgumentException">None, or several, do.</exception>
    internal GrainClass Get(Type grainInterface, string? prefix)
    {
        if (!_byInterface.TryGetValue(grainInterface, out var classes))
        {
            throw new ArgumentException($"No grain class implements {grainInterface}.", nameof(grainInterface));
        }

        var matching = classes;
        if (!string.IsNullOrEmpty(prefix))
        {
            matching = classes.FindAll(candidate => candidate.Name.StartsWith(prefix, StringComparison.Ordinal));
            if (matching.Find(candidate => candidate.Name == prefix) is { } exact) return exact;
        }
        else if (classes.Count > 1)
        {
            // IThingGrain means ThingGrain where nothing else is said.
            matching = classes.FindAll(candidate => grainInterface.Name == "I" + candidate.Type.Name);
            if (matching.Count == 0) matching = classes;
        }

        if (matching.Count == 1) return matching[0];
        var names = string.Join(", ", classes.Select(static candidate => candidate.Name));
        throw new ArgumentException(
            $"{matching.Count} grain classes implement {grainInterface} under the prefix \"{prefix}\". Candidates: {names}.",
            nameof(grainInterface));
    }

    /// <summary>The shortest time-out any known method asks for, or the given one if that is shorter.</summary>
    internal TimeSpan ShortestResponseTimeout(TimeSpan general)
    {
        var own = _byInterface.Keys
            .SelectMany(static grainInterface => grainInterface.GetMethods())
            .Select(static method => method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout)
            .OfType<TimeSpan>();
        return own.Append(general).Where(static time => time > TimeSpan.Zero).DefaultIfEmpty(TimeSpan.FromSeconds(30)).Min();
    }

    private static GrainType NameOf(Type type)
    {
        if (type.GetCustomAttribute<GrainTypeAttribute>() is { } attribute) return attribute.GetGrainType(null!, type);
        const string suffix = "grain";
#pragma warning disable CA1308 // The name is an identity in lower case, not text to be compared.
        var name = type.Name.ToLowerInvariant();
#pragma warning restore CA1308
        var hasSuffix = name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal);
        return GrainType.Create(hasSuffix ? name[..^suffix.Length] : name);
    }
}
