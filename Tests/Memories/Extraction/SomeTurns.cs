using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Memories;

namespace OrleansMemory.Tests.Memories.Extraction;

/// <summary>Makes turns, facts and replies about them.</summary>
internal static class SomeTurns
{
    public static readonly DateTimeOffset Start = new(2026, 5, 7, 13, 56, 0, TimeSpan.Zero);

    public static readonly MemoryScope Scope = MemoryScope.Create("tests", agent: "guide", user: "alice");

    public static MemoryFact Turn(string id, string text = "Hello.") =>
        Memory(id, MemoryKind.Turn, text) with
        {
            Role = "user",
            Speaker = "Alice",
            MessageId = "m-" + id,
        };

    public static MemoryFact Fact(string id, string text = "Alice has a dog.") => Memory(id, MemoryKind.Fact, text);

    public static ImmutableArray<MemoryFact> Turns(int count) =>
        [.. Enumerable.Range(1, count).Select(i => Turn(FormattableString.Invariant($"turn{i}")))];

    public static ExtractionBatch Batch(ImmutableArray<MemoryFact> turns, params MemoryFact[] known) => new(Scope, turns, [.. known]);

    /// <summary>A reply of some changes.</summary>
    public static string Reply(params JsonObject[] changes) => new JsonObject { ["changes"] = new JsonArray([.. changes]) }.ToJsonString();

    public static JsonObject Add(string text, params string[] turns) => Change("add", null, text, turns);

    public static JsonObject Update(string fact, string text, params string[] turns) => Change("update", fact, text, turns);

    public static JsonObject Retire(string fact, params string[] turns) => Change("retire", fact, null, turns);

    public static JsonObject Change(string? action, string? fact, string? text, params string[] turns) =>
        new()
        {
            ["action"] = action,
            ["fact"] = fact,
            ["text"] = text,
            ["turns"] = new JsonArray([.. turns.Select(turn => (JsonNode)turn)]),
        };

    private static MemoryFact Memory(string id, MemoryKind kind, string text) =>
        new()
        {
            Id = id,
            Kind = kind,
            Agent = Scope.Agent,
            User = Scope.User,
            Text = text,
            OccurredAt = Start,
            CreatedAt = Start,
            UpdatedAt = Start,
            Version = 1,
        };
}
