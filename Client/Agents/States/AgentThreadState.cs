using System.Text.Json;
using OrleansMemory.Client.Agents.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Agents.States;

/// <summary>The state of a thread, in Agent Framework's form.</summary>
/// <param name="ServiceThreadId">The service's thread; <see langword="null"/> when there is none.</param>
/// <param name="Store">The state of its store; <see langword="null"/> when there is none.</param>
internal readonly record struct AgentThreadState(string? ServiceThreadId, JsonElement? Store)
{
    private const string Type = "agent_thread_state";
    private const string ServiceThreadIdField = "service_thread_id";
    private const string StoreField = "chat_message_store_state";

    /// <summary>Writes a state. What is not there is written as null.</summary>
    /// <returns>The state.</returns>
    public JsonElement Write() => WrittenJson.Of(this, static (writer, state) =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", Type);
        writer.WriteString(ServiceThreadIdField, state.ServiceThreadId);
        writer.WritePropertyName(StoreField);
        if (state.Store is { } store)
        {
            // As it is: parsing a text anew could fail where it has a surrogate without a partner.
            writer.WriteRawValue(store.GetRawText(), skipInputValidation: true);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteEndObject();
    });

    /// <summary>Reads a state.</summary>
    /// <param name="state">The state.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="AgentThreadException">It is no such state.</exception>
    public static AgentThreadState Read(JsonElement state)
    {
        try
        {
            StrictObject fields = StrictObject.Read(state, string.Empty, "type", ServiceThreadIdField, StoreField);
            if (fields.Text("type") is { } type && type != Type)
            {
                throw new AgentThreadException($"The state of a thread has the type \"{Type}\".");
            }

            string? id = fields.Text(ServiceThreadIdField);
            JsonElement? store = fields.TryGet(StoreField, out JsonElement given) ? given : null;
            return id is not null && store is not null
                ? throw new AgentThreadException("A thread cannot have both a service_thread_id and a chat_message_store.")
                : new AgentThreadState(id, store);
        }
        catch (InvalidRequestException failure)
        {
            throw new AgentThreadException($"This is not the state of a thread. {failure.Parameter}: {failure.Message}", failure);
        }
    }
}
