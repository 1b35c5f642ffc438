namespace OrleansMemory.Tests.Support;

/// <summary>The files that this test run was built from.</summary>
internal static class Checkout
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file of it.</summary>
    /// <param name="path">Its path below the solution's folder, with slashes.</param>
    public static string PathOf(string path) => Path.Combine([Root, .. path.Split('/')]);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OrleansMemory.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("OrleansMemory.sln was not found above the test's folder.");
    }
}
