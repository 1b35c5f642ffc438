using System.Text.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>The digest of a conversation: one text, written for a model to read.</summary>
public sealed record WorkingMemory
{
    private const string Field = "working_memory";

    // Only the ends are stripped: every line but the first keeps its indentation.
    private const string InitialText =
        "### USER CONTEXT:\n"
        + "        Nothing is known about the user yet: no profile, preferences or requirements.\n"
        + "\n"
        + "        ### CONVERSATION FLOW:\n"
        + "        The conversation has just begun. Nothing has been said before.\n"
        + "\n"
        + "        ### CURRENT FOCUS:\n"
        + "        Waiting for the user's first message, which will show what the conversation is about.\n"
        + "\n"
        + "        ### INTERACTION TONE:\n"
        + "        Neutral and professional, ready to follow the user's own style.";

    /// <summary>Makes a memory.</summary>
    /// <param name="text">Its text.</param>
    public WorkingMemory(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
    }

    /// <summary>Its text. Models and users wrote it: treat it as untrusted.</summary>
    public string Text { get; }

    /// <summary>The memory of a conversation that has just begun.</summary>
    /// <returns>A text of four empty sections: user context, conversation flow, current focus, interaction tone.</returns>
    public static WorkingMemory InitializeMemory() => new(InitialText);

    /// <summary>Its stored form.</summary>
    /// <returns>A new dictionary with the one field <c>working_memory</c>.</returns>
    public Dictionary<string, object?> ToDict() => new(StringComparer.Ordinal) { [Field] = Text };

    /// <summary>Reads the stored form.</summary>
    /// <param name="data">A dictionary with the field <c>working_memory</c>; others are ignored.</param>
    /// <returns>The memory.</returns>
    /// <exception cref="InvalidRequestException">The field is missing or no text.</exception>
    public static WorkingMemory FromDict(IReadOnlyDictionary<string, object?> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.GetValueOrDefault(Field) switch
        {
            string text => new WorkingMemory(text),
            JsonElement { ValueKind: JsonValueKind.String } element => new WorkingMemory(Json.JsonText.Read(element)),
            _ => throw new InvalidRequestException(Field, $"A working memory has a text in the field {Field}."),
        };
    }
}
