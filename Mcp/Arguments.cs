using System.Globalization;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp;

/// <summary>Reads arguments that several tools have.</summary>
internal static class Arguments
{
    /// <summary>How many there are at most.</summary>
    /// <param name="most">The most that may be asked for.</param>
    /// <returns>The number; <see langword="null"/> where the argument is left out.</returns>
    /// <exception cref="InvalidRequestException">It is out of its range.</exception>
    public static int? Limit(StrictObject arguments, int most) =>
        arguments.Integer("limit") is not { } limit ? null
        : limit >= 1 && limit <= most ? (int)limit
        : throw new InvalidRequestException(
            "limit",
            string.Create(CultureInfo.InvariantCulture, $"A whole number from 1 to {most} is expected here.")
        );

    /// <summary>A list of texts.</summary>
    /// <param name="name">The argument.</param>
    /// <returns>The texts; <see langword="null"/> where the argument is left out.</returns>
    /// <exception cref="InvalidRequestException">It is no list of texts, is empty or has too many of them.</exception>
    public static string[]? Texts(StrictObject arguments, string name, int most)
    {
        if (!arguments.TryGet(name, out _))
        {
            return null;
        }

        string[] texts =
        [
            .. arguments
                .Items(name)
                .Select(item =>
                    item.Element.ValueKind == System.Text.Json.JsonValueKind.String
                        ? JsonText.Read(item.Element)
                        : throw new InvalidRequestException(item.Path, "A text is expected here.")
                ),
        ];
        return texts.Length >= 1 && texts.Length <= most
            ? texts
            : throw new InvalidRequestException(name, string.Create(CultureInfo.InvariantCulture, $"1 to {most} texts are expected here."));
    }

    /// <summary>The word for a kind of memories.</summary>
    public static string NameOf(MemoryKind kind) => kind == MemoryKind.Turn ? "turn" : "fact";

    /// <summary>A kind of memories.</summary>
    /// <returns>The kind; <see langword="null"/> where the argument is left out.</returns>
    /// <exception cref="InvalidRequestException">It is another word.</exception>
    public static MemoryKind? Kind(StrictObject arguments) =>
        arguments.Text("kind") switch
        {
            null => null,
            "turn" => MemoryKind.Turn,
            "fact" => MemoryKind.Fact,
            _ => throw new InvalidRequestException("kind", "A kind is turn or fact."),
        };
}
