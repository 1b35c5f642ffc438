namespace OrleansMemory.Silo.OpenAi;

/// <summary>The types of items whose fields are understood. Items of every other type are kept as they are.</summary>
internal static class ItemTypes
{
    public const string Message = "message";

    public const string FunctionCall = "function_call";

    public const string FunctionCallOutput = "function_call_output";

    public const string Reasoning = "reasoning";

    public const string ImageGenerationCall = "image_generation_call";

    /// <summary>Names an item of the conversation; it is none itself.</summary>
    public const string ItemReference = "item_reference";
}
