using System.Buffers;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>Answers as OpenAI's clients read them.</summary>
internal static class OpenAiAnswer
{
    private const string ContentType = "application/json";

    /// <summary>A conversation.</summary>
    /// <returns>The answer.</returns>
    public static IResult Conversation(Head head) =>
        Write(
            head,
            static (writer, head) =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", head.Key.Id);
                writer.WriteString("object", "conversation");
                writer.WriteNumber("created_at", head.CreatedAt.ToUnixTimeSeconds());
                writer.WritePropertyName("metadata");
                writer.WriteRawValue(head.Settings.Metadata ?? "{}", skipInputValidation: true);
                writer.WriteEndObject();
            }
        );

    /// <summary>That a conversation has been deleted.</summary>
    /// <returns>The answer.</returns>
    public static IResult Deleted(string id) =>
        Write(
            id,
            static (writer, id) =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", id);
                writer.WriteString("object", "conversation.deleted");
                writer.WriteBoolean("deleted", true);
                writer.WriteEndObject();
            }
        );

    /// <summary>An item.</summary>
    /// <param name="includes">What the caller asks for.</param>
    /// <returns>The answer.</returns>
    public static IResult Item(ConversationItem item, ItemIncludes includes) =>
        Write((item, includes), static (writer, state) => state.includes.Write(writer, state.item));

    /// <summary>A list of items.</summary>
    /// <param name="includes">What the caller asks for.</param>
    /// <returns>The answer.</returns>
    public static IResult Items(ItemPage page, ItemIncludes includes) =>
        Write(
            (page, includes),
            static (writer, state) =>
            {
                writer.WriteStartObject();
                writer.WriteString("object", "list");
                writer.WriteStartArray("data");
                foreach (ConversationItem item in state.page.Items)
                {
                    state.includes.Write(writer, item);
                }

                writer.WriteEndArray();
                writer.WriteString("first_id", state.page.Items is [var first, ..] ? first.Id : null);
                writer.WriteString("last_id", state.page.Last);
                writer.WriteBoolean("has_more", state.page.HasMore);
                writer.WriteEndObject();
            }
        );

    private static IResult Write<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = LoneSurrogateEncoder.Instance }))
        {
            write(writer, state);
        }

        return Results.Bytes(buffer.WrittenMemory, ContentType);
    }
}
