using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Cli.Transfer.Import.Converted;

namespace OrleansMemory.Cli.Transfer.Import.ChatGpt;

/// <summary>Reads what messages of ChatGPT say, by their content type. What is not known is kept as its JSON, and noted.</summary>
/// <param name="folder">Where their files are.</param>
/// <param name="tally">Is told what is kept in another form.</param>
internal sealed class ChatGptContents(ExportFolder folder, ImportTally tally)
{
    /// <summary>What a message says.</summary>
    /// <returns>What a silo keeps of it; nothing for what says nothing.</returns>
    public List<AIContent> Read(JsonElement content) => Read(content, new FileRoom());

    private List<AIContent> Read(JsonElement content, FileRoom room)
    {
        IEnumerable<AIContent?> read = Texts.Of(content, "content_type") switch
        {
            "text" or "multimodal_text" => Parts(content, room),
            "code" or "execution_output" => [Text(Texts.Of(content, "text"))],
            "thoughts" => Texts.Items(content, "thoughts").Select(Thought),
            "reasoning_recap" => [Reasoning(Texts.Of(content, "content"))],
            "tether_quote" => [Text(Join(Texts.Of(content, "title"), Texts.Of(content, "url"), Texts.Of(content, "text")))],
            "sonic_webpage" =>
            [
                Text(Join(Texts.Of(content, "title"), Texts.Of(content, "url"), Texts.Of(content, "text") ?? Texts.Of(content, "snippet"))),
            ],
            "tether_browsing_display" => [Text(Join(Texts.Of(content, "summary"), Texts.Of(content, "result")))],
            "system_error" => [new ErrorContent(Join(Texts.Of(content, "name"), Texts.Of(content, "text")))],
            "user_editable_context" => [Text(Join(Texts.Of(content, "user_profile"), Texts.Of(content, "user_instructions")))],
            "model_editable_context" => [Text(Texts.Of(content, "model_set_context"))],
            string other => [Unknown(content, other)],
            null => [Unknown(content, "without a type")],
        };
        return [.. read.OfType<AIContent>()];
    }

    private static string Join(params string?[] texts) => string.Join('\n', texts.Where(static text => !string.IsNullOrEmpty(text)));

    private static TextContent? Text(string? text) => string.IsNullOrEmpty(text) ? null : new TextContent(text);

    private static TextReasoningContent? Reasoning(string? text) => string.IsNullOrEmpty(text) ? null : new TextReasoningContent(text);

    private static TextReasoningContent? Thought(JsonElement thought) =>
        Reasoning(Join(Texts.Of(thought, "summary"), Texts.Of(thought, "content")));

    // Texts that follow each other are one: an export cuts a long one into parts.
    private IEnumerable<AIContent?> Parts(JsonElement content, FileRoom room)
    {
        var texts = new List<string>();
        foreach (JsonElement part in Texts.Items(content, "parts"))
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                texts.Add(part.GetString()!);
                continue;
            }

            yield return Text(Join([.. texts]));
            texts.Clear();
            foreach (AIContent? one in Part(part, room))
            {
                yield return one;
            }
        }

        yield return Text(Join([.. texts]));
    }

    private List<AIContent?> Part(JsonElement part, FileRoom room) =>
        Texts.Of(part, "content_type") switch
        {
            "image_asset_pointer" => [File(part, "image", room)],
            "audio_asset_pointer" => [File(part, "audio", room)],
            "video_container_asset_pointer" => [File(part, "video", room)],
            "audio_transcription" => [Text(Texts.Of(part, "text"))],
            "real_time_user_audio_video_asset_pointer" =>
            [
                .. Inner(part, "audio_asset_pointer", "audio", room),
                .. Inner(part, "video_container_asset_pointer", "video", room),
                .. Texts.Items(part, "frames_asset_pointers").Select(frame => File(frame, "image", room)),
            ],
            { } type
                when Texts.Field(part, "parts") is null
                    && type is "text" or "sonic_webpage" or "tether_quote" or "tether_browsing_display" or "code" => type == "text"
                ? [Text(Texts.Of(part, "text"))]
                : [.. Read(part, room)],
            { } other => [Unknown(part, other)],
            null => [Unknown(part, "without a type")],
        };

    private List<AIContent?> Inner(JsonElement part, string field, string kind, FileRoom room) =>
        Texts.Field(part, field) is { } inner ? [File(inner, kind, room)] : [];

    private AIContent File(JsonElement part, string kind, FileRoom room) =>
        (part.ValueKind == JsonValueKind.String ? part.GetString() : Texts.Of(part, "asset_pointer")) is { Length: > 0 } pointer
            ? folder.Read(pointer, kind, room)
            : Unknown(part, $"{kind} without a pointer");

    private TextContent Unknown(JsonElement content, string type)
    {
        tally.Note($"contents of the unknown type '{Texts.Cut(type, Texts.MaxNameBytes)}': kept as their JSON");
        return new TextContent(content.GetRawText());
    }
}
