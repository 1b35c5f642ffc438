using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>The fields of items that are answered only to who asks for them.</summary>
internal sealed partial class ItemIncludes
{
    private const string Null = "null";

    private const string InputImage = "message.input_image.image_url";
    private const string LogProbabilities = "message.output_text.logprobs";
    private const string EncryptedReasoning = "reasoning.encrypted_content";
    private const string FileSearchResults = "file_search_call.results";
    private const string WebSearchResults = "web_search_call.results";
    private const string WebSearchSources = "web_search_call.action.sources";
    private const string CodeOutputs = "code_interpreter_call.outputs";
    private const string ComputerImage = "computer_call_output.output.image_url";

    private static readonly ImmutableArray<string> Supported =
    [
        InputImage,
        LogProbabilities,
        EncryptedReasoning,
        FileSearchResults,
        WebSearchResults,
        WebSearchSources,
        CodeOutputs,
        ComputerImage,
    ];

    private readonly HashSet<string> _names;

    private ItemIncludes(HashSet<string> names) => _names = names;

    /// <summary>
    /// Whether a query parameter is one of a list of includes, as clients write them: <c>include</c>, <c>include[]</c>, <c>include[0]</c>.
    /// </summary>
    /// <param name="name">The parameter's name.</param>
    public static bool IsNamed(string name) => Name().IsMatch(name);

    /// <summary>Reads what a request asks for.</summary>
    /// <exception cref="Errors.ProblemException">It asks for something that is not supported.</exception>
    public static ItemIncludes Read(IQueryCollection query)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string _, StringValues values) in query.Where(static parameter => IsNamed(parameter.Key)))
        {
            foreach (string name in values.SelectMany(static value => (value ?? string.Empty).Split(',')))
            {
                names.Add(Supported.Contains(name) ? name : throw OpenAiProblem.WrongValue("include", Supported));
            }
        }

        return new ItemIncludes(names);
    }

    /// <summary>Writes an item without what was not asked for.</summary>
    public void Write(Utf8JsonWriter writer, ConversationItem item)
    {
        var hidden = new Dictionary<string, string?>(StringComparer.Ordinal);
        switch (item.Type)
        {
            case ItemTypes.Message:
                HideInParts(hidden, item.Json);
                break;
            case ItemTypes.Reasoning:
                Hide(hidden, EncryptedReasoning, "/encrypted_content");
                break;
            case "file_search_call":
                Hide(hidden, FileSearchResults, "/results");
                break;
            case "web_search_call":
                Hide(hidden, WebSearchResults, "/results");
                Hide(hidden, WebSearchSources, "/action/sources");
                break;
            case "code_interpreter_call":
                Hide(hidden, CodeOutputs, "/outputs", Null);
                break;
            case "computer_call_output":
                Hide(hidden, ComputerImage, "/output/image_url");
                break;
            default:
                break;
        }

        JsonSplice.Write(writer, item.Json, hidden);
    }

    // Images of messages only: for a screenshot in a message there is no name to ask by.
    private void HideInParts(Dictionary<string, string?> hidden, JsonElement message)
    {
        int index = 0;
        foreach (JsonElement part in JsonFields.Items(message, "content"))
        {
            switch (JsonFields.Text(part, "type"))
            {
                case "input_image":
                    Hide(hidden, InputImage, ItemPlaces.Of("content", index, "image_url"), Null);
                    break;
                case "output_text":
                    Hide(hidden, LogProbabilities, ItemPlaces.Of("content", index, "logprobs"));
                    break;
                default:
                    break;
            }

            index++;
        }
    }

    private void Hide(Dictionary<string, string?> hidden, string name, string place, string? instead = null)
    {
        if (!_names.Contains(name))
        {
            hidden[place] = instead;
        }
    }

    [GeneratedRegex(@"\Ainclude(\[[0-9]{0,3}\])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
