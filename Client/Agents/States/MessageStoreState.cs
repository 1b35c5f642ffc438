using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Client.Runs;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Agents.States;

/// <summary>The state of a store that carries its messages, in Agent Framework's form.</summary>
internal static class MessageStoreState
{
    public const string Type = "chat_message_store_state";

    public const string TypeField = "type";

    private const string MessagesField = "messages";

    /// <summary>Whether a state carries messages, rather than naming where they are.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Whether it does; an object without any type is taken for one that does.</returns>
    public static bool IsOne(JsonElement state) =>
        state.ValueKind != JsonValueKind.Object || !state.TryGetProperty(TypeField, out JsonElement type)
        || (type.ValueKind == JsonValueKind.String && type.ValueEquals(Type));

    /// <summary>Writes a state.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="format">How contents are written. What cannot be written is replaced: a state can always be made, and always be read.</param>
    /// <returns>The state.</returns>
    public static JsonElement Write(IEnumerable<ChatMessage> messages, ChatMessageFormat format) =>
        WrittenJson.Of((messages, format), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString(TypeField, Type);
            writer.WriteStartArray(MessagesField);
            var keeping = new MessageKeeping(state.format, []);
            foreach (ChatMessage message in state.messages)
            {
                MessageState.Write(writer, keeping.Keep(message).ToNewMessage());
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    /// <summary>Reads a state.</summary>
    /// <param name="state">The state. An object without messages has none, where Agent Framework failed.</param>
    /// <param name="format">How contents are read.</param>
    /// <returns>The messages.</returns>
    /// <exception cref="AgentThreadException">It is no such state.</exception>
    public static IReadOnlyList<ChatMessage> Read(JsonElement state, ChatMessageFormat format)
    {
        if (state.ValueKind != JsonValueKind.Object || !IsOne(state))
        {
            throw new AgentThreadException($"A message store's state is a JSON object of type \"{Type}\".");
        }

        if (!state.TryGetProperty(MessagesField, out JsonElement messages) || messages.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (messages.ValueKind != JsonValueKind.Array)
        {
            throw new AgentThreadException("Messages should be a list");
        }

        try
        {
            return [.. StrictObject.Items(messages, MessagesField).Select(item => MessageState.Read(item.Element, item.Path, format))];
        }
        catch (MemoryException failure) when (failure is not AgentThreadException)
        {
            throw new AgentThreadException($"A message of the state cannot be read. {Where(failure)}{failure.Message}", failure);
        }
    }

    private static string? Where(MemoryException failure) => failure is InvalidRequestException { Parameter: var path } ? $"{path}: " : null;
}
