using System.Text.Json.Nodes;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>Memories of AutoGRAMS as JSON.</summary>
internal static class Documents
{
    /// <summary>A memory as jsonpickle writes AutoGRAMS' memory_dict: a program that paused in its root function.</summary>
    public const string Paused = """
        {
          "stack": [{"line_number": 12, "function_name": "chatbot", "locals": {"name": "Ann"}, "address": null}],
          "turn_stack": [{"scope": "global", "turns": [
              {"role": "user", "content": "hello"},
              {"role": "system_instruction", "content": "Think."}, {"role": "system_answer", "content": "A greeting."},
              {"role": "agent", "content": "Hi, who are you?"}], "system_prompt": "You are an agent."}],
          "stack_pointer": -1, "cached_user_reply": null, "call_depth": 1, "globals_snapshot": {"limit": 3}, "external_call_memory": null,
          "model_turns": [
              {"user_reply": "", "entry_type": "user_reply", "timestamp": "2025-01-02 03:04:05.006"},
              {"user_reply": "hello", "entry_type": "user_reply", "timestamp": "2025-01-02 03:04:06.006"},
              {"output": {"a": 1}, "entry_type": "classifier", "input_turns": [], "last_node": "n", "timestamp": "2025-01-02 03:04:07.006"},
              {"reply": "Hi, who are you?", "entry_type": "agent_reply", "last_node": null, "line_number": 12, "function_name": "chatbot", "timestamp": "2025-01-02 03:04:08.006"}],
          "version": "0.6.0", "external_call": null, "user_globals": {"name": null}
        }
        """;

    /// <summary>The same memory with other values.</summary>
    /// <param name="changes">Names and values by turns; a null value removes.</param>
    public static string With(params string?[] changes)
    {
        JsonObject memory = JsonNode.Parse(Paused)!.AsObject();
        for (int i = 0; i < changes.Length; i += 2)
        {
            memory.Remove(changes[i]!);
            if (changes[i + 1] is { } value)
            {
                memory[changes[i]!] = JsonNode.Parse(value);
            }
        }

        return memory.ToJsonString();
    }
}
