using System.Runtime.CompilerServices;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.WebConsole;

/// <summary>
/// A fact that looks at pages in Chromium, which the test script installs. Where it is missing the fact is left out and says so.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : ConditionalFactAttribute
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

    public BrowserFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(
            Browser is null ? "Chromium is missing. Install it for this test (Debian: apt-get install chromium)." : null,
            sourceFilePath,
            sourceLineNumber
        )
    { }

    /// <summary>The browser's program; <see langword="null"/> when there is none.</summary>
    public static string? Browser { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator)
            .SelectMany(static folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
