namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>A turn as a program's model or reader sees it.</summary>
/// <param name="Role">
/// For the model <c>user</c>, <c>agent</c>, <c>system_instruction</c> or <c>system_answer</c>; in a history <c>user</c> or
/// <c>assistant</c>.
/// </param>
/// <param name="Content">Its text; <see langword="null"/> only in a history, for a user reply that was none.</param>
public sealed record ProgramTurn(string Role, string? Content);

/// <summary>What a model is to see.</summary>
/// <param name="Turns">The turns, oldest first.</param>
/// <param name="SystemPrompt">The system prompt of the function that runs.</param>
public sealed record ModelView(IReadOnlyList<ProgramTurn> Turns, string SystemPrompt);
