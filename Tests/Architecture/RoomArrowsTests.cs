using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Architecture;

/// <summary>
/// Which room of Grains uses which. Usings tell, because unused ones are errors, and names with a namespace. An arrow that is not in the
/// table is an error, and so is one of the table that no file needs. <c>docs/architecture.md</c> shows the table.
/// </summary>
public sealed partial class RoomArrowsTests
{
    // From the bottom up: a room uses rooms of earlier lines only, so the table has no cycle. Hosting puts everything together, and nothing
    // uses it.
    private static readonly (string Room, string[] Uses)[] Table =
    [
        ("Diagnostics", []),
        ("Text", []),
        ("Clocks", ["Diagnostics"]),
        ("Storage", ["Clocks", "Diagnostics", "Text"]),
        ("Auditing", ["Clocks", "Diagnostics", "Storage"]),
        ("Usage", ["Clocks", "Storage"]),
        ("Expiry", ["Clocks", "Diagnostics", "Storage"]),
        ("Tenants", ["Auditing", "Clocks", "Diagnostics", "Storage"]),
        ("Conversations", ["Auditing", "Clocks", "Diagnostics", "Storage", "Tenants", "Text", "Usage"]),
        ("Memories", ["Clocks", "Conversations", "Diagnostics", "Storage", "Text", "Usage"]),
        ("Users", ["Auditing", "Clocks", "Conversations", "Diagnostics", "Memories", "Storage"]),
        ("Hosting", ["Auditing", "Clocks", "Conversations", "Diagnostics", "Expiry", "Memories", "Storage", "Tenants", "Usage", "Users"]),
    ];

    private static readonly Lazy<Dictionary<string, HashSet<string>>> Types = new(() =>
        Table.ToDictionary(
            row => row.Room,
            row =>
                Sources(row.Room)
                    .SelectMany(file => Declaration().Matches(File.ReadAllText(file)))
                    .Select(match => match.Groups["type"].Value)
                    .ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal
        )
    );

    [Fact]
    public void Every_room_is_in_the_table() =>
        Assert.Equal(
            Directory
                .EnumerateDirectories(Checkout.PathOf("Grains"))
                .Where(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any())
                .Select(Path.GetFileName)
                .Where(folder => folder is not ("obj" or "bin"))
                .Order(StringComparer.Ordinal),
            Table.Select(row => row.Room).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Rooms_use_only_those_below_them()
    {
        for (int i = 0; i < Table.Length; i++)
        {
            Assert.Empty(Table[i].Uses.Except(Table[..i].Select(row => row.Room)).Select(room => $"{Table[i].Room} --> {room} points up."));
        }
    }

    [Fact]
    public void Every_arrow_is_in_the_table() =>
        Assert.Empty(
            from row in Table
            from file in Sources(row.Room)
            from used in RoomsIn(File.ReadAllText(file))
            where used != row.Room && !row.Uses.Contains(used)
            select $"{row.Room} --> {used} in {Path.GetRelativePath(Checkout.Root, file)}"
        );

    [Fact]
    public void Every_arrow_of_the_table_is_used() =>
        Assert.Empty(
            from row in Table
            from unused in row.Uses.Except(Sources(row.Room).SelectMany(file => RoomsIn(File.ReadAllText(file))))
            select $"{row.Room} --> {unused}"
        );

    [Fact]
    public void The_page_shows_the_table() =>
        Assert.Equal(
            Table.Select(row => $"{row.Room}: {string.Join(", ", row.Uses)}").Order(StringComparer.Ordinal),
            PageRow()
                .Matches(Page())
                .Where(match => Table.Any(row => row.Room == match.Groups["room"].Value))
                .Select(match => $"{match.Groups["room"].Value}: {match.Groups["uses"].Value.Trim()}")
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_picture_has_the_arrows_that_no_others_imply() =>
        Assert.Equal(
            Implying().Order(StringComparer.Ordinal),
            PageArrow()
                .Matches(Page())
                .SelectMany(match => match.Groups["to"].Captures.Select(to => $"{match.Groups["from"].Value} --> {to.Value}"))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("using OrleansMemory.Grains.Text;", "Text")]
    [InlineData("using OrleansMemory.Grains.Storage.Postgres.Commit;", "Storage")]
    [InlineData("using static OrleansMemory.Grains.Clocks.Instants;", "Clocks")]
    [InlineData("using Store = OrleansMemory.Grains.Storage.IFactStore;", "Storage")]
    [InlineData("Grains.Storage.Postgres.PostgresStorageOptions options", "Storage")]
    [InlineData("Usage.UsageOptions options", "Usage")]
    [InlineData("using OrleansMemory.Text;", null)]
    [InlineData("OrleansMemory.Conversations.Entry entry", null)]
    [InlineData("row.Text.Length + Text.Length", null)]
    public void The_search_tells_them_apart(string code, string? room) => Assert.Equal(room is null ? [] : [room], RoomsIn(code));

    private static IEnumerable<string> RoomsIn(string text) =>
        Using()
            .Matches(text)
            .Select(match => match.Groups["room"].Value)
            .Concat(
                Name()
                    .Matches(text)
                    .Where(match =>
                        Types.Value.TryGetValue(match.Groups["room"].Value, out HashSet<string>? types)
                        && match.Groups["name"].Captures.Any(name => types.Contains(name.Value))
                    )
                    .Select(match => match.Groups["room"].Value)
            )
            .Distinct();

    /// <summary>The arrows without which a room would no longer be reached from another.</summary>
    private static IEnumerable<string> Implying() =>
        from row in Table
        from used in row.Uses
        where !row.Uses.Any(other => other != used && Reached(other).Contains(used))
        select $"{row.Room} --> {used}";

    private static HashSet<string> Reached(string room)
    {
        string[] uses = Table.Single(row => row.Room == room).Uses;
        return [.. uses, .. uses.SelectMany(Reached)];
    }

    private static IEnumerable<string> Sources(string room) =>
        Directory.EnumerateFiles(Checkout.PathOf("Grains/" + room), "*.cs", SearchOption.AllDirectories);

    private static string Page() => File.ReadAllText(Checkout.PathOf("docs/architecture.md"));

    [GeneratedRegex(@"^\s*(global )?using (static |\w+ = )?OrleansMemory\.Grains\.(?<room>\w+)", RegexOptions.Multiline, 5_000)]
    private static partial Regex Using();

    [GeneratedRegex(@"(?<![\w.])((OrleansMemory\.)?Grains\.)?(?<room>[A-Z]\w+)(\.(?<name>[A-Z]\w+))+", RegexOptions.None, 5_000)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"^(public|internal)\s[^;(={\n]*\b(class|record struct|record|struct|interface|enum) (?<type>\w+)",
        RegexOptions.Multiline,
        5_000
    )]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\| `(?<room>\w+)` \|[^|\n]*\|(?<uses>[^|\n]*)\|$", RegexOptions.Multiline, 5_000)]
    private static partial Regex PageRow();

    [GeneratedRegex(@"^\s+(?<from>\w+) --> (?<to>\w+)( & (?<to>\w+))*$", RegexOptions.Multiline, 5_000)]
    private static partial Regex PageArrow();
}
