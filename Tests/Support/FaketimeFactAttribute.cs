using System.Runtime.CompilerServices;

namespace OrleansMemory.Tests.Support;

/// <summary>
/// A fact about a process whose clock is wrong, by libfaketime: the product has no way to be given a wrong clock. Where the library is
/// missing the fact is left out and says so. <c>test.sh</c> installs it where it installs PostgreSQL.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FaketimeFactAttribute : ConditionalFactAttribute
{
    private static readonly Lazy<string?> Found = new(Find);

    public FaketimeFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(
            Found.Value is null ? "libfaketime is missing. Install it for this test (Debian: apt-get install faketime)." : null,
            sourceFilePath,
            sourceLineNumber
        )
    { }

    /// <summary>
    /// The environment of a process whose wall clock is ahead. What it counts with is not changed: its pauses are as long as others'.
    /// </summary>
    /// <param name="ahead">By how much, in whole seconds.</param>
    public static (string Name, string Value)[] Ahead(TimeSpan ahead) =>
        [
            (
                "LD_PRELOAD",
                Found.Value ?? throw new InvalidOperationException("libfaketime is missing (Debian: apt-get install faketime).")
            ),
            ("FAKETIME", FormattableString.Invariant($"+{ahead.TotalSeconds:0}s")),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("DONT_FAKE_MONOTONIC", "1"),
        ];

    private static string? Find() =>
        new[] { "/usr/lib", "/usr/local/lib", "/usr/lib64" }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateDirectories(folder).Prepend(folder))
            .Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1"))
            .FirstOrDefault(File.Exists);
}
