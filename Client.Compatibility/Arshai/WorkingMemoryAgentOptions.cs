using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>How a <see cref="WorkingMemoryAgent"/> talks to its model.</summary>
public sealed class WorkingMemoryAgentOptions
{
    /// <summary>What the model is told when it writes the new memory.</summary>
    /// <value>
    /// Default: a short instruction to keep one concise digest, in the four sections of <see cref="WorkingMemory.InitializeMemory"/>.
    /// </value>
    public string SystemPrompt { get; set; } =
        """
            You keep the working memory of a conversation: one text that tells a model what it must know to go on.

            Read the current memory, the history and the new interaction. Write the new memory:
            - Keep what still matters, add what is new, correct what has changed, and say nothing twice.
            - Prefer names, facts, preferences, decisions and open questions to small talk.
            - Write in the language of the conversation, in full but short sentences.
            - Use the sections "### USER CONTEXT:", "### CONVERSATION FLOW:", "### CURRENT FOCUS:" and "### INTERACTION TONE:".

            Answer with the new memory and nothing else.
            """;

    /// <summary>What the model is told when it answers the user. The current memory follows it.</summary>
    /// <value>Default: a short instruction to answer from the working memory without quoting it.</value>
    public string AnswerPrompt { get; set; } =
        "You talk with a user. Use the working memory below where it helps, and do not quote it or mention it.";

    /// <summary>Options of every call of the model; <see langword="null"/> leaves them to the client.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public ChatOptions? ChatOptions { get; set; }

    /// <summary>Reads the history of a conversation as text, by its id; a failure is logged and the update goes on without it.</summary>
    /// <value>Default: <see langword="null"/>, no history.</value>
    public Func<string, CancellationToken, ValueTask<string?>>? ReadHistory { get; set; }
}
