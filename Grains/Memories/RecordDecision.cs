using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories;

/// <summary>Checks a recording and decides what is stored. Pure: no clock, no I/O but random numbers for ids.</summary>
/// <param name="scope">Who records.</param>
/// <param name="options">The limits.</param>
internal sealed class RecordDecision(MemoryScope scope, MemoryOptions options)
{
    // No conversation's id is followed by a text, so no recording without a fingerprint has these bytes.
    private const string FingerprintMark = "fingerprint";

    /// <summary>Decides.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The instant of the recording.</param>
    /// <returns>What is stored.</returns>
    /// <exception cref="InvalidRequestException">Some of it is not valid.</exception>
    /// <exception cref="PayloadTooLargeException">Some of it is too large.</exception>
    public FactRecording Decide(RecordRequest request, DateTimeOffset now)
    {
        if (request is null)
        {
            throw new InvalidRequestException("request", "request is missing.");
        }

        request = StorableText.Clean(request);
        CheckSizes(request);
        if (request.Key is not null)
        {
            TextRules.Require(request.Key, "key", TextRules.MaxNameBytes);
        }

        if (request.Fingerprint is not null)
        {
            TextRules.Require(request.Fingerprint, "fingerprint", TextRules.MaxFingerprintBytes);
        }

        if (request.ConversationId is { } conversation)
        {
            ConversationKey.Create(scope.Tenant, conversation);
        }

        DateTimeOffset? expiresAt = (CheckTimeToLive(request.TimeToLive) ?? options.DefaultTimeToLive) is { } timeToLive
            ? Instants.Plus(now, timeToLive)
            : null;
        return new FactRecording
        {
            Scope = scope,
            Facts = [.. request.Memories.Select(memory => Fact(memory, request.ConversationId, expiresAt, now))],
            Key = request.Key,
            PayloadHash = HashOf(request),
            Extract = request.Extract,
            At = now,
        };
    }

    /// <summary>Refuses a time to live that is out of range.</summary>
    /// <param name="timeToLive">The time to live; <see langword="null"/> for none.</param>
    /// <returns>The time to live.</returns>
    public static TimeSpan? CheckTimeToLive(TimeSpan? timeToLive) =>
        timeToLive is { } given && (given < Instants.ShortestTimeToLive || given > Instants.LongestTimeToLive)
            ? throw new InvalidRequestException(
                "timeToLive",
                $"timeToLive must be one microsecond to {Instants.LongestTimeToLive.Days} days, or not be given."
            )
            : timeToLive;

    private void CheckSizes(RecordRequest request)
    {
        ImmutableArray<NewMemory> memories = request.Memories.IsDefault ? [] : request.Memories;
        if (memories.IsEmpty)
        {
            throw new InvalidRequestException("memories", "memories is empty. Give 1 memory or more.");
        }

        if (memories.Length > options.MaxRecordMemories)
        {
            throw new PayloadTooLargeException(
                "memories",
                memories.Length,
                options.MaxRecordMemories,
                "memories",
                "Record them in several calls."
            );
        }

        long bytes = 0;
        for (int i = 0; i < memories.Length; i++)
        {
            bytes += NewMemoryRules.Check(memories[i], FormattableString.Invariant($"memories[{i}]"), options);
        }

        if (bytes > options.MaxRecordBytes)
        {
            throw new PayloadTooLargeException("memories", bytes, options.MaxRecordBytes, "bytes", "Record them in several calls.");
        }
    }

    private MemoryFact Fact(NewMemory memory, string? conversationId, DateTimeOffset? expiresAt, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
            Kind = memory.Kind,
            Agent = scope.Agent,
            User = scope.User,
            Session = scope.Session,
            Text = memory.Text,
            Caption = memory.Caption,
            Role = memory.Role,
            Speaker = memory.Speaker,
            MessageId = memory.MessageId,
            ConversationId = conversationId,
            Metadata = memory.Metadata,
            OccurredAt = memory.OccurredAt is { } occurred ? Instants.Kept(occurred) : now,
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = expiresAt,
            Version = 1,
        };

    /// <summary>
    /// What the request's key stands for. Hashes are stored: a new field may only be added after the others, and only where it is set.
    /// </summary>
    private static ImmutableArray<byte> HashOf(RecordRequest request)
    {
        var payload = new PayloadWriter();
        try
        {
            if (request.Fingerprint is { } fingerprint)
            {
                payload.Add(FingerprintMark);
                payload.Add(fingerprint);
                return [.. payload.Hash()];
            }

            payload.Add(request.ConversationId);
            payload.Add(request.TimeToLive?.Ticks);
            payload.Add(request.Extract ? 1 : 0);
            payload.Add(request.Memories.Length);
            foreach (NewMemory memory in request.Memories)
            {
                payload.Add((long)memory.Kind);
                payload.Add(memory.Text);
                payload.Add(memory.Caption);
                payload.Add(memory.Role);
                payload.Add(memory.Speaker);
                payload.Add(memory.MessageId);
                payload.Add(memory.Metadata);
                payload.Add(memory.OccurredAt?.UtcTicks);
            }

            return [.. payload.Hash()];
        }
        finally
        {
            payload.Dispose();
        }
    }
}
