using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Cli.Transfer.Import.Converted;

/// <summary>A message of another program, as a silo takes it.</summary>
/// <param name="Id">Its id, the same at every import.</param>
/// <param name="Role">system, user, assistant or tool.</param>
/// <param name="Author">Who speaks, by name.</param>
/// <param name="CreatedAt">When it was said.</param>
/// <param name="Contents">What was said.</param>
/// <param name="Properties">What else the other program has of it.</param>
internal sealed record ConvertedMessage(
    string Id,
    string Role,
    string? Author,
    DateTimeOffset CreatedAt,
    IReadOnlyList<AIContent> Contents,
    JsonObject? Properties
);
