using System.Collections.Immutable;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>What a turn of a program changes.</summary>
/// <param name="Parts">All parts as they are after it.</param>
/// <param name="PartWrites">Those that differ.</param>
/// <param name="Chunks">Chunks of turn lists.</param>
/// <param name="Globals">User globals.</param>
internal sealed record MemoryChanges(
    ImmutableArray<NewMessage> Messages,
    Dictionary<string, string> Parts,
    ImmutableArray<EntryWrite> PartWrites,
    ChunkChanges Chunks,
    GlobalsChanges Globals
)
{
    /// <summary>Whether there is nothing to write. Chunks that are no longer needed can wait.</summary>
    public bool IsEmpty =>
        Messages.IsEmpty && PartWrites.IsEmpty && Chunks.Writes.IsEmpty && Globals.Writes.IsEmpty && Globals.Deletes.IsEmpty;

    /// <summary>Finds what has changed.</summary>
    /// <param name="stored">The parts as they are stored.</param>
    public static MemoryChanges Find(MemoryObject memory, IReadOnlyDictionary<string, string> stored)
    {
        Dictionary<string, string> parts = memory.WriteParts();
        return new MemoryChanges(
            memory.NewMessages(),
            parts,
            [
                .. parts
                    .Where(part => !stored.TryGetValue(part.Key, out string? old) || old != part.Value)
                    .Select(part => Part(part.Key, part.Value)),
            ],
            memory.ChunkChanges(),
            memory.Globals.Changes()
        );
    }

    /// <summary>The turn that makes the changes.</summary>
    /// <param name="expectedVersion">The version that the changes were made to.</param>
    public Turn ToTurn(string turnId, long expectedVersion) =>
        new()
        {
            TurnId = turnId,
            ExpectedVersion = expectedVersion,
            Messages = Messages,
            EntryWrites =
            [
                .. PartWrites,
                .. Chunks.Writes.Select(chunk => Part(ChunkTable.KeyOf(chunk.Id), chunk.Chunk.ToJson())),
                .. Globals.Writes,
            ],
            EntryDeletes =
            [
                .. Chunks.Deletes.Select(id => new EntryDelete { Space = EntrySpaces.MemoryObject, Key = ChunkTable.KeyOf(id) }),
                .. Globals.Deletes,
            ],
        };

    private static EntryWrite Part(string name, string json) =>
        new()
        {
            Space = EntrySpaces.MemoryObject,
            Key = name,
            Value = json,
        };
}
