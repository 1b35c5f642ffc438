using System.Text.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>What items must have that are understood here. Fields that are not known are let in, in every item.</summary>
internal static class ItemChecks
{
    /// <summary>Checks an item.</summary>
    /// <returns>The role that its message is stored under.</returns>
    /// <exception cref="Errors.ProblemException">A field is missing, or not of its kind.</exception>
    public static string Check(string type, ItemFields fields)
    {
        switch (type)
        {
            case ItemTypes.Message:
                return CheckMessage(fields);
            case ItemTypes.FunctionCall:
                fields.RequiredText("call_id");
                fields.RequiredText("name");
                fields.RequiredText("arguments");
                return MessageRoles.Assistant;
            case ItemTypes.FunctionCallOutput:
                fields.RequiredText("call_id");
                CheckTextOrParts(fields, "output");
                return MessageRoles.Tool;
            case ItemTypes.Reasoning:
                if (!fields.Has("summary"))
                {
                    throw OpenAiProblem.Missing(fields.PathOf("summary"));
                }

                CheckParts(fields, "summary");
                CheckParts(fields, "content");
                fields.Text("encrypted_content");
                return MessageRoles.Assistant;
            default:
                return MessageRoles.Assistant;
        }
    }

    private static string CheckMessage(ItemFields message)
    {
        string role = message.RequiredText("role");
        if (!ItemRoles.All.Contains(role))
        {
            throw OpenAiProblem.WrongValue(message.PathOf("role"), ItemRoles.All);
        }

        CheckTextOrParts(message, "content");
        return ItemRoles.ToStored(role);
    }

    private static void CheckTextOrParts(ItemFields fields, string name)
    {
        switch (fields.Find(name)?.ValueKind)
        {
            case null:
                throw OpenAiProblem.Missing(fields.PathOf(name));
            case JsonValueKind.String:
                break;
            case JsonValueKind.Array:
                CheckParts(fields, name);
                break;
            default:
                throw OpenAiProblem.WrongType(fields.PathOf(name), "a string or an array of parts");
        }
    }

    private static void CheckParts(ItemFields fields, string name)
    {
        foreach (ItemFields part in fields.Objects(name))
        {
            switch (part.RequiredText("type"))
            {
                case "input_text" or "output_text" or "text" or "summary_text" or "reasoning_text":
                    part.RequiredText("text");
                    break;
                case "refusal":
                    part.RequiredText("refusal");
                    break;
                case "input_image" or "computer_screenshot":
                    part.Text("image_url");
                    part.Text("file_id");
                    break;
                case "input_file":
                    part.Text("file_data");
                    part.Text("file_id");
                    part.Text("file_url");
                    part.Text("filename");
                    break;
                default:
                    break;
            }
        }
    }
}
