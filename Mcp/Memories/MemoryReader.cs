using OrleansMemory.Client.Memories;
using OrleansMemory.Errors;
using OrleansMemory.Mcp.Access;
using OrleansMemory.Mcp.Results;
using OrleansMemory.Memories;

namespace OrleansMemory.Mcp.Memories;

/// <summary>Recalls as many memories as one result may hold.</summary>
internal static class MemoryReader
{
    /// <summary>How many memories may be recalled for one question, over all results.</summary>
    private const int MostRecalled = 1_000;

    /// <summary>Recalls memories.</summary>
    /// <param name="call">For whom.</param>
    /// <param name="question">The question; its limit is that of one result.</param>
    /// <param name="cursor">Where to go on; <see langword="null"/> for the best one.</param>
    /// <exception cref="InvalidRequestException">The question or the cursor is not valid.</exception>
    public static async Task<RecalledAnswer> RecallAsync(
        MemoryCall call,
        ScopedMemories scope,
        RecallRequest question,
        string? cursor,
        CancellationToken cancellationToken
    )
    {
        string?[] conditions =
        [
            scope.Scope.ToString(),
            question.Query,
            question.Kind?.ToString(),
            question.ExceptConversation,
            question.Without == ScopeNames.None ? null : question.Without.ToString(),
        ];
        Cursor from = Cursor.Read(cursor, conditions) ?? default;
        int limit = question.Limit!.Value;
        long last = Math.Min(from.Position + limit, MostRecalled);
        if (from.Position >= MostRecalled)
        {
            throw new InvalidRequestException("cursor", "No more than 1000 memories are recalled for one question. Ask more precisely.");
        }

        // One more than is shown tells whether there are more.
        RecallResult found = await scope.RecallAsync(question with { Limit = (int)Math.Min(last + 1, MostRecalled) }, cancellationToken);
        var page = new TextPage(call.MaxResultLength);
        List<MemoryAnswer> memories = [];
        Cursor? next = found.Memories.Length > last ? new Cursor(last, 0) : null;
        for (int at = (int)from.Position; at < Math.Min(last, found.Memories.Length); at++)
        {
            RecalledMemory recalled = found.Memories[at];
            if (!page.TryAdd(TextOf(recalled.Memory), at == from.Position ? from.Offset : 0, out TextPiece piece))
            {
                next = new Cursor(at, 0);
                break;
            }

            memories.Add(ToAnswer(recalled.Memory, piece, recalled.Score));
            if (piece.Next is { } rest)
            {
                next = new Cursor(at, rest);
                break;
            }
        }

        return new RecalledAnswer
        {
            Notice = MemoryFence.Notice,
            Memories = memories,
            Considered = found.Considered,
            Partial = found.Partial,
            Next = next?.Write(conditions),
        };
    }

    /// <summary>Memories as a text for a model, fenced.</summary>
    public static string Describe(IEnumerable<MemoryAnswer> memories)
    {
        var fence = new Fence("memories");
        foreach (MemoryAnswer memory in memories)
        {
            string cut = memory.Continues is null && memory.TextOffset is null ? "" : " (a part of it)";
            fence.Add(
                $"{memory.Id} {memory.Kind} {Fence.Date(memory.OccurredAt)}{(memory.Role is null ? "" : " " + memory.Role)}{cut}",
                memory.Text,
                memory.Speaker
            );
        }

        return fence.ToString();
    }

    /// <summary>What a memory says, with what an image that came with it shows.</summary>
    /// <returns>The text, which every JSON library can write.</returns>
    public static string TextOf(MemoryFact memory) =>
        Fence.Clean(memory.Caption is null ? memory.Text : $"{memory.Text} [image: {memory.Caption}]".TrimStart())!;

    /// <summary>The data of a memory.</summary>
    /// <param name="piece">What is shown of its text.</param>
    /// <param name="score">How well it answers; <see langword="null"/> where nothing was asked.</param>
    public static MemoryAnswer ToAnswer(MemoryFact memory, TextPiece piece, double? score) =>
        new()
        {
            Id = memory.Id,
            Kind = Arguments.NameOf(memory.Kind),
            Text = piece.Text,
            TextOffset = piece.Offset == 0 ? null : piece.Offset,
            Continues = piece.Next is null ? null : true,
            Role = memory.Role,
            Speaker = Fence.Clean(memory.Speaker),
            Agent = memory.Agent,
            User = memory.User,
            Session = memory.Session,
            ConversationId = memory.ConversationId,
            OccurredAt = memory.OccurredAt,
            Version = memory.Version,
            Score = score,
        };
}
