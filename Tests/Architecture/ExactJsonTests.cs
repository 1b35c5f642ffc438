using System.Text.RegularExpressions;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Architecture;

/// <summary>
/// System.Text.Json's look-ups by name, and its strings, fail at JSON with half a pair of surrogates in a name or a string, which callers
/// may send. What reads callers' JSON goes by <c>JsonText</c>.
/// </summary>
public sealed partial class ExactJsonTests
{
    private static readonly string[] Rooms = ["Silo", "Client", "Client.Json", "Client.Compatibility", "Client.AgentFramework", "Mcp"];

    // What they read is our own, or the failure is caught there.
    private static readonly string[] Allowed =
    [
        "Client.Json/JsonText.cs",
        "Client.Json/ExactStringConverter.cs",
        "Client/Runs/ToolResultFormat.cs",
        "Client.Compatibility/AutoGrams/NumberConverters.cs",
        "Silo/Api/OpenApi/OperationNotes.cs",
    ];

    [Fact]
    public void Callers_JSON_is_read_exactly()
    {
        string[] found =
        [
            .. from room in Rooms
            from file in Directory.EnumerateFiles(Checkout.PathOf(room), "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(Checkout.Root, file).Replace('\\', '/')
            where !Allowed.Contains(path) && !path.Contains("/obj/", StringComparison.Ordinal)
            from line in File.ReadLines(file)
            where LookUp().IsMatch(line) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            select $"{path}: {line.Trim()}",
        ];
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("element.TryGetProperty(name, out JsonElement value)", true)]
    [InlineData("JsonText.TryGetProperty(element, name, out JsonElement value)", false)]
    [InlineData("field.NameEquals(CallIdField)", true)]
    [InlineData("value.GetString()", true)]
    [InlineData("JsonNode.Parse(text)", true)]
    public void The_rule_tells_them_apart(string line, bool isLookUp) => Assert.Equal(isLookUp, LookUp().IsMatch(line));

    [GeneratedRegex(
        @"(?<!JsonText)\.TryGetProperty\(|\.NameEquals\(|\.GetString\(\)|\bJsonNode\.Parse\(",
        RegexOptions.CultureInvariant,
        1_000
    )]
    private static partial Regex LookUp();
}
