using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime.States;

/// <summary>A parameter of a grain's constructor that is given a stored state.</summary>
internal sealed class StateParameter
{
    private static readonly MethodInfo Maker = typeof(StateParameter).GetMethod(nameof(MakeOf), BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly Func<string, IGrainContext, IGrainStorage, ILoadedState> _make;
    private readonly string _name;
    private readonly string? _storageName;

    private StateParameter(ParameterInfo parameter, PersistentStateAttribute attribute)
    {
        Type = parameter.ParameterType;
        if (!Type.IsGenericType || Type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException(
                $"The parameter {parameter.Name} of {parameter.Member.DeclaringType} has [PersistentState], so its type must be an IPersistentState<TState>.");
        }

        _name = attribute.StateName.Length > 0 ? attribute.StateName : parameter.Name!;
        _storageName = attribute.StorageName;
        _make = Maker.MakeGenericMethod(Type.GetGenericArguments()).CreateDelegate<Func<string, IGrainContext, IGrainStorage, ILoadedState>>();
    }

    /// <summary>The type of the parameter.</summary>
    internal Type Type { get; }

    /// <summary>The states that a grain class asks for, in the order of its constructor's parameters.</summary>
    internal static StateParameter[] Of(Type grainClass)
    {
        var constructors = grainClass.GetConstructors()
            .Select(static constructor => constructor.GetParameters()
                .Select(static parameter => (Parameter: parameter, Attribute: parameter.GetCustomAttribute<PersistentStateAttribute>()))
                .Where(static pair => pair.Attribute is not null)
                .Select(static pair => new StateParameter(pair.Parameter, pair.Attribute!))
                .ToArray())
            .Where(static parameters => parameters.Length > 0)
            .ToList();
        return constructors.Count switch
        {
            0 => [],
            1 => constructors[0],
            _ => throw new OrleansConfigurationException($"{grainClass} asks for stored states in more than one constructor."),
        };
    }

    /// <summary>The state of an activation, not read yet.</summary>
    internal ILoadedState Make(IGrainContext context, string grainClass)
    {
        var services = context.ActivationServices;
        var storage = string.IsNullOrWhiteSpace(_storageName)
            ? services.GetService<IGrainStorage>()
            : services.GetKeyedService<IGrainStorage>(_storageName);
        return storage is null
            ? throw new BadProviderConfigException(string.IsNullOrWhiteSpace(_storageName)
                ? $"{grainClass} needs a default grain storage, but none was added."
                : $"{grainClass} needs a grain storage named {_storageName}, but none was added.")
            : _make(_name, context, storage);
    }

    private static PersistentState<T> MakeOf<T>(string name, IGrainContext context, IGrainStorage storage) => new(name, context, storage);
}
