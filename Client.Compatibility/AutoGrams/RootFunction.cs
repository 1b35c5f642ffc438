using System.Runtime.CompilerServices;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>The function that a program starts with. Its module says which defaults of user globals a new conversation gets.</summary>
/// <param name="Name">Its name, which is saved.</param>
/// <param name="ModuleId">
/// Its module, see <see cref="UserGlobals.Init"/>; <see langword="null"/> for none. It is saved in <see cref="SerializationMode.Full"/>.
/// </param>
public sealed record RootFunction(string Name, string? ModuleId = null)
{
    /// <summary>This function with its module, where what was saved does not say it: that of a function of the same name.</summary>
    /// <param name="known">The function that the caller knows.</param>
    internal RootFunction WithModuleOf(RootFunction? known) => ModuleId is null && known?.Name == Name ? known : this;

    /// <summary>A root function of the calling file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="moduleName">The name of its module; <see langword="null"/> takes the file.</param>
    /// <param name="callerFile">The calling file; the compiler fills it in.</param>
    /// <returns>The root function.</returns>
    public static RootFunction Here(string name, string? moduleName = null, [CallerFilePath] string callerFile = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new RootFunction(name, AutoGrams.ModuleId.Create(moduleName, callerFile));
    }
}
