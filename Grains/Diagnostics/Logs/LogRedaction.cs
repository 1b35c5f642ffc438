using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using OrleansMemory.Diagnostics;

namespace OrleansMemory.Grains.Diagnostics.Logs;

/// <summary>
/// Takes out of what Orleans logs what names a conversation or a user, and what a call was given: keys of our grains become the first
/// digits of a hash, arguments are left out, of exceptions only the types are told.
/// </summary>
internal static partial class LogRedaction
{
    private const int HashBytes = 4;

    private static readonly string[] Categories = ["Orleans", "Microsoft.Orleans", "Polly"];

    // What they warn of is one call or one attempt, which is answered or tried again: a neighbour that dies costs hundreds of them, and
    // MemberWatch says what has happened.
    private static readonly string[] AboutCalls =
    [
        "Polly",
        "Orleans.Messaging",
        "Orleans.Runtime.GrainCallCancellationManager",
        "Orleans.Runtime.CallbackData",
        "Orleans.Runtime.GrainDirectory",
        "Orleans.Runtime.Messaging.Connection",
        "Orleans.Runtime.Messaging.ConnectionManager",
        "Orleans.Runtime.Placement.PlacementService",
        "Orleans.Runtime.ReminderService.LocalReminderService",
    ];

    /// <summary>Whether a category's lines are redacted.</summary>
    /// <returns>Whether it is one of Orleans, or of what Orleans retries with.</returns>
    public static bool Covers(string category) => IsBelow(category, Categories);

    /// <summary>The level of a line: what is about one call is for who looks for it, not worth an alarm.</summary>
    /// <param name="category">A covered category.</param>
    /// <param name="level">The level that Orleans gives it.</param>
    public static LogLevel LevelOf(string category, LogLevel level) =>
        level is LogLevel.Warning or LogLevel.Error && IsBelow(category, AboutCalls) ? LogLevel.Information : level;

    /// <summary>Redacts a text.</summary>
    /// <returns>The text without keys and arguments.</returns>
    public static string Clean(string text) =>
        Key()
            .Replace(
                Arguments().Replace(Stack().Replace(text, ""), "${method}(...)"),
                static match => $"{match.Groups["type"].ValueSpan}/#{Hash(match.Groups["key"].ValueSpan)}"
            );

    /// <summary>Redacts a value of a structured line.</summary>
    /// <returns>Numbers, times and the like as they are; everything else as redacted text.</returns>
    public static object? Clean(object? value) =>
        value switch
        {
            null or bool or Enum or Guid or TimeSpan or DateTime or DateTimeOffset => value,
            sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => value,
            Exception failure => RedactedException.Describe(failure),
            _ => Clean(value.ToString() ?? ""),
        };

    private static bool IsBelow(string category, string[] parents) =>
        parents.Any(parent =>
            category.StartsWith(parent, StringComparison.Ordinal) && (category.Length == parent.Length || category[parent.Length] == '.')
        );

    private static string Hash(ReadOnlySpan<char> key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())).AsSpan(0, HashBytes));

    // Some texts hold whole exceptions.
    [GeneratedRegex(@"(\r?\n[ \t]+at [^\n]*)+", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Stack();

    // Keys have no spaces, quotes or brackets.
    [GeneratedRegex(
        @"(?<![\w-])(?<type>conversation|conversation-directory|conversation-search|expiry|memory|memory-directory|memory-embedding|memory-extraction|tenant|user-erasure|user-transfer)/(?<key>[^\s'""\[\]<>{}]+)",
        RegexOptions.ExplicitCapture,
        5_000
    )]
    private static partial Regex Key();

    // Up to the last bracket: an argument may hold any character.
    [GeneratedRegex(@"(?<method>\b\w[\w.+`]*\.\w+)\([^)].*\)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 5_000)]
    private static partial Regex Arguments();
}
