using System.Runtime.CompilerServices;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.RealInput;

/// <summary>
/// A fact about the real conversations in <c>shared/data</c> beside the checkout. They are not ours to ship: elsewhere it is left out, and
/// says so.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LocomoFactAttribute : ConditionalFactAttribute
{
    public LocomoFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(Find() is null ? "shared/data/locomo-dev.json is not beside this checkout." : null, sourceFilePath, sourceLineNumber) { }

    /// <summary>The file, if there is one in a folder <c>shared</c> beside any folder above the test.</summary>
    public static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, "shared", "data", "locomo-dev.json");
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }
}
