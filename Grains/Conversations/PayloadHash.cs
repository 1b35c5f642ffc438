using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// The SHA-256 of a turn's payload: everything it changes, as the caller gave it, without the turn id and the expected version; or of the
/// turn's fingerprint, where it has one. Every part is preceded by its length, so that no two payloads have the same bytes.
/// </summary>
/// <remarks>Hashes are stored. A new field may only be added after the others, and only where it is set.</remarks>
internal static class PayloadHash
{
    // A part that came later starts with a text where the payloads before it have a number or their end, so that none of them has its
    // bytes.
    private const string FingerprintMark = "fingerprint";
    private const string KeptExpiryMark = "keepsExpiry";
    private const string InitialSettingsMark = "initialSettings";
    private const string ConditionsMark = "conditions";

    public static byte[] Of(Turn turn)
    {
        var payload = new PayloadWriter();
        try
        {
            if (turn.Fingerprint is { } fingerprint)
            {
                payload.Add(FingerprintMark);
                payload.Add(fingerprint);
            }
            else
            {
                Add(ref payload, turn);
            }

            return payload.Hash();
        }
        finally
        {
            payload.Dispose();
        }
    }

    private static void Add(ref PayloadWriter payload, Turn turn)
    {
        payload.Add(turn.KeepLast);
        payload.Add(turn.Messages.Length);
        foreach (NewMessage message in turn.Messages)
        {
            payload.Add(message.Id);
            payload.Add(message.Role);
            payload.Add(message.Author);
            payload.Add(message.Contents);
            payload.Add(message.Metadata);
            payload.Add(message.Created?.UtcTicks);
        }

        payload.Add(turn.EntryWrites.Length);
        foreach (EntryWrite write in turn.EntryWrites)
        {
            payload.Add(write.Space);
            payload.Add(write.Key);
            payload.Add(write.Value);
            payload.Add(write.TimeToLive?.Ticks);
        }

        payload.Add(turn.EntryDeletes.Length);
        foreach (EntryDelete delete in turn.EntryDeletes)
        {
            payload.Add(delete.Space);
            payload.Add(delete.Key);
        }

        if (turn.Settings is { } settings)
        {
            payload.Add((long)settings.Fields);
            Add(ref payload, settings.Values);
        }

        if (!turn.DeleteSequences.IsEmpty)
        {
            // Every part before starts with a 0 or a 1, and this with a length and then letters: it cannot be taken for settings.
            payload.Add("deleteSequences");
            payload.Add(turn.DeleteSequences.Length);
            foreach (long sequence in turn.DeleteSequences)
            {
                payload.Add(sequence);
            }
        }

        for (int i = 0; i < turn.EntryWrites.Length; i++)
        {
            if (turn.EntryWrites[i].KeepsExpiry)
            {
                payload.Add(KeptExpiryMark);
                payload.Add(i);
            }
        }

        if (turn.InitialSettings is { } initial)
        {
            payload.Add(InitialSettingsMark);
            Add(ref payload, initial);
        }

        if (!turn.Conditions.IsEmpty)
        {
            payload.Add(ConditionsMark);
            payload.Add(turn.Conditions.Length);
            foreach (TurnCondition condition in turn.Conditions)
            {
                payload.Add((long)condition.Kind);
                payload.Add(condition.Space);
                payload.Add(condition.Key);
                payload.Add(condition.Value);
                payload.Add(condition.MessageId);
            }
        }
    }

    private static void Add(ref PayloadWriter payload, ConversationSettings settings)
    {
        payload.Add(settings.UserId);
        payload.Add(settings.AgentId);
        payload.Add(settings.Title);
        payload.Add(settings.Metadata);
        payload.Add(settings.TimeToLive?.Duration.Ticks);
        payload.Add(settings.TimeToLive?.Sliding == true ? 1 : 0);
    }
}
