using System.Text.Json;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>One entry of a program's <c>model_turns</c>: what was said, or what a model was asked and answered.</summary>
/// <param name="EntryType">One of <see cref="ModelTurnTypes"/>.</param>
/// <param name="Text">
/// The user's or the agent's reply, a model's output where it is a text, or a node's address; <see langword="null"/> when there is none.
/// </param>
/// <param name="Timestamp">
/// When it was logged, <c>yyyy-MM-dd HH:mm:ss.fff</c> in local time; <see langword="null"/> when that is not known.
/// </param>
/// <param name="Fields">
/// Every other field by its name in AutoGRAMS, such as <c>last_node</c>, <c>line_number</c> and <c>function_name</c>.
/// </param>
public sealed record ModelTurn(string EntryType, string? Text, string? Timestamp, JsonElement Fields);

/// <summary>The entry types of model turns.</summary>
public static class ModelTurnTypes
{
    /// <summary>A reply of the user, empty ones included.</summary>
    public const string UserReply = "user_reply";

    /// <summary>A reply of the agent.</summary>
    public const string AgentReply = "agent_reply";

    /// <summary>A choice among given answers that a model made.</summary>
    public const string Classifier = "classifier";

    /// <summary>A call of a chat model.</summary>
    public const string Chatbot = "chatbot";

    /// <summary>A call of another model function.</summary>
    public const string Model = "model";

    /// <summary>A node of the program's graph was entered.</summary>
    public const string Node = "node";
}
