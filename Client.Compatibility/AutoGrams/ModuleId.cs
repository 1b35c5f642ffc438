using System.Globalization;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>Names modules: a file of code, or a name that its author gave.</summary>
public static class ModuleId
{
    private static long _unnamed;

    /// <summary>The id of a module.</summary>
    /// <param name="moduleName">Its name; <see langword="null"/> when it goes by its file.</param>
    /// <param name="callerFile">Its file.</param>
    /// <returns><c>name::…</c>, <c>file::…</c>, or where neither is known an id that no one else has, <c>id::…</c>.</returns>
    public static string Create(string? moduleName, string? callerFile)
    {
        if (!string.IsNullOrEmpty(moduleName))
        {
            return "name::" + moduleName;
        }

        return string.IsNullOrEmpty(callerFile)
            ? "id::" + Interlocked.Increment(ref _unnamed).ToString(CultureInfo.InvariantCulture)
            : "file::" + callerFile;
    }
}
