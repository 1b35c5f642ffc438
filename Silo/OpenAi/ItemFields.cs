using System.Text.Json;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>The fields of an object in a request; JSON null is as good as absent.</summary>
/// <param name="path">Where the object stands.</param>
internal readonly struct ItemFields(Dictionary<string, JsonElement> fields, string path)
{
    /// <summary>The path of a field.</summary>
    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>Whether a field is there.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A field's value.</summary>
    /// <returns>The value; <see langword="null"/> when it is absent.</returns>
    public JsonElement? Find(string name) =>
        fields.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text.</summary>
    /// <param name="name">The field.</param>
    /// <returns>The text; <see langword="null"/> when it is absent.</returns>
    public string? Text(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text => JsonText.Read(text),
            _ => throw OpenAiProblem.WrongType(PathOf(name), "a string"),
        };

    /// <summary>A text that must be there.</summary>
    /// <param name="name">The field.</param>
    public string RequiredText(string name) => Text(name) ?? throw OpenAiProblem.Missing(PathOf(name));

    /// <summary>The objects of a list.</summary>
    /// <param name="name">The field; nothing when it is absent.</param>
    /// <returns>Each with its path.</returns>
    public IEnumerable<ItemFields> Objects(string name)
    {
        if (Find(name) is not { } list)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? StrictObject
                .Items(list, PathOf(name))
                .Select(static item => new ItemFields(StrictObject.ReadMap(item.Element, item.Path), item.Path))
            : throw OpenAiProblem.WrongType(PathOf(name), "an array");
    }
}
