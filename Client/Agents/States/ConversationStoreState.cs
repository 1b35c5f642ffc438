using System.Text.Json;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Agents.States;

/// <summary>The state of a store that is a conversation: where it is.</summary>
internal static class ConversationStoreState
{
    public const string Type = "conversation_chat_message_store_state";

    /// <summary>Whether a state is of this kind.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsOne(JsonElement state) =>
        state.ValueKind == JsonValueKind.Object
        && state.TryGetProperty(MessageStoreState.TypeField, out JsonElement type)
        && type.ValueKind == JsonValueKind.String
        && type.ValueEquals(Type);

    /// <summary>Writes a state.</summary>
    /// <param name="key">The conversation.</param>
    /// <returns>The state.</returns>
    public static JsonElement Write(ConversationKey key) => WrittenJson.Of(key, static (writer, key) =>
    {
        writer.WriteStartObject();
        writer.WriteString(MessageStoreState.TypeField, Type);
        writer.WriteString("tenant", key.Tenant);
        writer.WriteString("id", key.Id);
        writer.WriteEndObject();
    });

    /// <summary>Reads a state.</summary>
    /// <param name="state">The state.</param>
    /// <returns>The conversation.</returns>
    /// <exception cref="AgentThreadException">It is no such state.</exception>
    public static ConversationKey Read(JsonElement state)
    {
        if (!IsOne(state))
        {
            throw new AgentThreadException($"The state of a conversation's store is a JSON object of type \"{Type}\".");
        }

        try
        {
            StrictObject fields = StrictObject.Read(state, string.Empty, MessageStoreState.TypeField, "tenant", "id");
            return ConversationKey.Create(fields.RequiredText("tenant"), fields.RequiredText("id"));
        }
        catch (InvalidRequestException failure)
        {
            throw new AgentThreadException($"The state does not name a conversation. {failure.Parameter}: {failure.Message}", failure);
        }
    }
}
