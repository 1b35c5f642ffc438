using System.Reflection;

namespace Orleans.Runtime;

/// <summary>Finds grain classes: in the loaded assemblies and in those they refer to, as far as they use this one.</summary>
internal static class GrainAssemblies
{
    private static readonly string ThisAssembly = typeof(GrainAssemblies).Assembly.GetName().Name!;

    internal static List<Type> FindGrainClasses() => [.. FindAssemblies().SelectMany(GrainClassesOf)];

    private static IEnumerable<Type> GrainClassesOf(Assembly assembly) => LoadableTypesOf(assembly).Where(static type =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(IGrainBase).IsAssignableFrom(type));

    private static IEnumerable<Type> LoadableTypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return exception.Types.OfType<Type>();
        }
    }

    private static List<Assembly> FindAssemblies()
    {
        var found = new List<Assembly>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        while (open.TryDequeue(out var assembly))
        {
            if (assembly.IsDynamic || IsOfThePlatform(assembly.GetName()) || !seen.Add(assembly.FullName!)) continue;
            var references = assembly.GetReferencedAssemblies();
            if (references.Any(static name => name.Name == ThisAssembly)) found.Add(assembly);
            foreach (var name in references.Where(static name => !IsOfThePlatform(name)))
            {
                if (!seen.Contains(name.FullName) && TryLoad(name) is { } reference) open.Enqueue(reference);
            }
        }

        return found;
    }

    // These never hold grains, and loading them all would cost more than starting the host.
    private static bool IsOfThePlatform(AssemblyName name) => name.Name is not { } text
        || text.StartsWith("System.", StringComparison.Ordinal)
        || text.StartsWith("Microsoft.", StringComparison.Ordinal)
        || text is "System" or "mscorlib" or "netstandard";

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            // A reference that is not there at run time cannot hold grains in use.
            return null;
        }
    }
}
