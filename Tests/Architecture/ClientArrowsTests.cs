using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Architecture;

/// <summary>
/// Features of the client are rooms that the root does not know: it hands out a handle, and they bring the methods. Of the root's client
/// they name only what they extend.
/// </summary>
public sealed partial class ClientArrowsTests
{
    // What the root stands on; rooms may name it as well.
    private static readonly string[] Foundations = ["Errors", "Json", "Retries"];

    // Which other features a feature may name.
    private static readonly Dictionary<string, string[]> Features = new(StringComparer.Ordinal)
    {
        ["Feed"] = [],
        ["Memories"] = [],
        ["Transfer"] = [],
        ["Windows"] = [],
        ["Summaries"] = ["Windows"],
        ["Runs"] = ["Summaries", "Windows"],
    };

    // Who takes a client: what extends it, what a run is made of, and what goes through all that a user has.
    private static readonly string[] TakeAClient =
    [
        "MemoryClientExtensions",
        "ConversationChatClient",
        "ConversationChatClientExtensions",
        "RunServices",
        "UserTransferExtensions",
        "UserExporter",
        "UserImporter",
        "ConversationLines",
    ];

    [Fact]
    public void Every_room_is_in_the_table() =>
        Assert.Equal(
            Features.Keys.Concat(Foundations).Where(room => room != "Json").Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(Path.Combine(Checkout.Root, "Client")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_root_names_no_feature() =>
        Assert.Empty(Sources("").Where(file => Named(file).Intersect(Features.Keys).Any()).Select(Path.GetFileName));

    [Fact]
    public void Features_name_only_those_they_stand_on() =>
        Assert.Empty(
            from feature in Features
            from file in Sources(feature.Key)
            from named in Named(file).Intersect(Features.Keys)
            where named != feature.Key && !feature.Value.Contains(named)
            select $"{feature.Key}/{Path.GetFileName(file)} names {named}"
        );

    [Fact]
    public void Only_what_hands_out_a_feature_takes_a_client() =>
        Assert.Empty(
            from feature in Features.Keys
            from file in Sources(feature)
            where !TakeAClient.Contains(Path.GetFileNameWithoutExtension(file).Split('.')[0]) && Client().IsMatch(Code(file))
            select $"{feature}/{Path.GetFileName(file)}"
        );

    private static IEnumerable<string> Sources(string room) =>
        Directory.EnumerateFiles(
            Path.Combine(Checkout.Root, "Client", room),
            "*.cs",
            room.Length == 0 ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories
        );

    private static IEnumerable<string> Named(string file) =>
        Room().Matches(Code(file)).Select(match => match.Groups["room"].Value).Distinct();

    /// <summary>The text without documentation.</summary>
    private static string Code(string file) =>
        string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal)));

    [GeneratedRegex(
        @"\b(using OrleansMemory\.Client\.|OrleansMemory\.Client\.|(?<![.\w])(?=(Feed|Memories|Transfer|Windows|Summaries|Runs)\.[A-Z]))(?<room>\w+)\b",
        RegexOptions.None,
        5_000
    )]
    private static partial Regex Room();

    [GeneratedRegex(@"\bConversationClient\b", RegexOptions.None, 5_000)]
    private static partial Regex Client();
}
