using System.Text.Json;
using OrleansMemory.Client.Compatibility.AutoGrams.Log;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>What a program returned in one turn.</summary>
/// <param name="Text">Its reply; <see langword="null"/> when it has returned.</param>
internal sealed record ProgramReply(string? Text)
{
    /// <summary>The field of the user's reply that says it, where it is not the last reply that the program logged.</summary>
    private const string Field = "returned";

    /// <summary>What the turns of one turn show.</summary>
    /// <param name="records">The turns, oldest first.</param>
    public static ProgramReply Of(IReadOnlyList<TurnRecord> records) =>
        records.FirstOrDefault(record => record.EntryType == ModelTurnTypes.UserReply) is { } asked
        && asked.Fields.TryGetValue(Field, out JsonElement noted)
            ? new ProgramReply(ProgramJson.Natural(noted) as string)
            : new ProgramReply(records.LastOrDefault(record => record.EntryType == ModelTurnTypes.AgentReply)?.Text);

    /// <summary>Notes it with the user's reply.</summary>
    /// <param name="reply">What the program returned.</param>
    public static TurnRecord Note(TurnRecord asked, string? reply) =>
        asked with
        {
            Fields = new Dictionary<string, JsonElement>(asked.Fields, StringComparer.Ordinal)
            {
                [Field] = ProgramJson.ToElement(reply, Field, ProgramJson.DefaultOptions),
            },
        };

    /// <summary>Finds what the program returned in a turn that is committed.</summary>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="userReply">What the user said in it.</param>
    /// <returns>The reply; <see langword="null"/> when there is no such turn.</returns>
    /// <exception cref="TurnConflictException">The turn of this id is another one.</exception>
    public static async Task<ProgramReply?> FindAsync(
        Conversation conversation,
        string turnId,
        string? userReply,
        CancellationToken cancellationToken
    )
    {
        if (await conversation.GetTurnAsync(turnId, cancellationToken) is not { } receipt)
        {
            return null;
        }

        List<TurnRecord> records;
        try
        {
            records =
            [
                .. (await conversation.ReadTurnAsync(receipt, cancellationToken)).Select(TurnRecordFormat.Read).OfType<TurnRecord>(),
            ];
        }
        catch (ConversationNotFoundException)
        {
            // It was deleted, or has expired, after the turn was found.
            return null;
        }

        return records is [{ EntryType: ModelTurnTypes.UserReply } asked, ..] && (asked.Text ?? string.Empty) == (userReply ?? string.Empty)
            ? Of(records)
            : throw new TurnConflictException(turnId, receipt.Version);
    }
}
