using System.Text.Json;

namespace OrleansMemory.Client.Compatibility.AutoGrams.Log;

/// <summary>One message of the log that a program wrote.</summary>
/// <param name="EntryType">One of <see cref="ModelTurnTypes"/>, or one of <see cref="Thought"/> and <see cref="FrameOnly"/>.</param>
/// <param name="Text">Its text; <see langword="null"/> for none.</param>
/// <param name="Fields">Its other fields, by their names in AutoGRAMS, without the entry type.</param>
/// <param name="At">When it was logged; <see langword="null"/> when that is not known.</param>
internal sealed record TurnRecord(string EntryType, string? Text, IReadOnlyDictionary<string, JsonElement> Fields, DateTimeOffset? At)
{
    /// <summary>An instruction and its answer, which only the function's turns have.</summary>
    public const string Thought = "thought";

    /// <summary>A turn that only the function's turns have.</summary>
    public const string FrameOnly = "turn";

    /// <summary>The field of a thought's instruction.</summary>
    public const string Instruction = "instruction";

    /// <summary>The field of a single turn's role.</summary>
    public const string Role = "role";

    /// <summary>The field of the time stamp.</summary>
    public const string Timestamp = "timestamp";

    /// <summary>The role of what the agent says.</summary>
    public const string AgentRole = "agent";

    /// <summary>The role of what the user says.</summary>
    public const string UserRole = "user";

    /// <summary>The role of a thought's instruction.</summary>
    public const string InstructionRole = "system_instruction";

    /// <summary>The role of a thought's answer.</summary>
    public const string AnswerRole = "system_answer";

    /// <summary>Whether it is one of the program's model turns.</summary>
    public bool IsModelTurn => EntryType is not (Thought or FrameOnly);

    /// <summary>The field that the text has in AutoGRAMS' entry.</summary>
    public string TextField =>
        EntryType switch
        {
            ModelTurnTypes.UserReply => "user_reply",
            ModelTurnTypes.AgentReply => "reply",
            ModelTurnTypes.Node => "node",
            _ => "output",
        };

    /// <summary>The turns that a function's list has for it.</summary>
    /// <returns>The turns, in order; none for entries that no model sees.</returns>
    public IEnumerable<ProgramTurn> ToTurns() =>
        EntryType switch
        {
            ModelTurnTypes.UserReply => [new ProgramTurn(UserRole, Text)],
            ModelTurnTypes.AgentReply => [new ProgramTurn(AgentRole, Text)],
            Thought => [new ProgramTurn(InstructionRole, FieldText(Instruction)), new ProgramTurn(AnswerRole, Text)],
            FrameOnly => [new ProgramTurn(FieldText(Role) ?? string.Empty, Text)],
            _ => [],
        };

    /// <summary>The entry as a caller sees it.</summary>
    public ModelTurn ToModelTurn() =>
        new(
            EntryType,
            Text,
            FieldText(Timestamp),
            ProgramJson.ToElement(
                Fields.Where(field => field.Key != Timestamp).ToDictionary(field => field.Key, field => (object?)field.Value),
                EntryType,
                ProgramJson.DefaultOptions
            )
        );

    /// <summary>Writes the entry as AutoGRAMS has it.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Text is not null || EntryType == ModelTurnTypes.UserReply)
        {
            writer.WriteString(TextField, Text);
        }

        writer.WriteString(TurnRecordFormat.EntryTypeField, EntryType);
        TurnRecordFormat.WriteFields(writer, Fields);
        writer.WriteEndObject();
    }

    private string? FieldText(string name) => Fields.TryGetValue(name, out JsonElement field) ? ProgramJson.Natural(field) as string : null;
}
