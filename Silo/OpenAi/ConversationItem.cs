using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>One item of a conversation, as OpenAI's clients have it.</summary>
/// <param name="Json">All of it, the id included.</param>
/// <param name="Contents">
/// Which contents of its message belong to it, by their places from 0. The items of a message share all contents among them.
/// </param>
internal sealed record ConversationItem(string Id, string Type, JsonElement Json, ImmutableArray<int> Contents);
