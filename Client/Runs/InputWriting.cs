using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// Writes the input of a run, and refuses what a turn could not hold before the model is paid: the rules are those of the grain. The
/// results of tools were paid for too, so of those what cannot be written is replaced.
/// </summary>
/// <param name="format">How contents are written.</param>
internal sealed class InputWriting(ChatMessageFormat format)
{
    // As deep as the grain lets JSON be nested.
    private const int MaxDepth = 64;
    private const int MostReservedBytes = 64 * 1024;

    /// <summary>What is left of a turn for the answer to an input.</summary>
    /// <param name="limits">The turn's limits.</param>
    /// <returns>How many messages, and how many bytes.</returns>
    public static (int Messages, long Bytes) RoomBehind(TurnLimits limits, ImmutableArray<NewMessage> input) =>
        (limits.MaxTurnMessages - input.Length, limits.MaxTurnBytes - input.Sum(TurnSize.BytesOf));

    /// <summary>How many bytes of a turn are kept free for the answer.</summary>
    /// <param name="limits">The turn's limits.</param>
    /// <returns>An eighth of the turn's bytes, and 64 KiB at most.</returns>
    public static long Reserved(TurnLimits limits) => Math.Min(limits.MaxTurnBytes / 8, MostReservedBytes);

    /// <summary>Writes one message.</summary>
    /// <returns>The message as it is stored.</returns>
    /// <exception cref="InvalidRequestException">It cannot be written.</exception>
    public NewMessage Write(ChatMessage message) =>
        message.Role == ChatRole.Tool ? new MessageKeeping(format, []).Keep(message).ToNewMessage() : format.ToNewMessage(message);

    /// <summary>Writes and checks an input.</summary>
    /// <param name="input">The messages that are new.</param>
    /// <param name="limits">What a turn may hold.</param>
    /// <returns>The messages to append.</returns>
    /// <exception cref="InvalidRequestException">A message cannot be stored.</exception>
    /// <exception cref="PayloadTooLargeException">A message, or all of them with some room for the answer, are over a limit.</exception>
    public ImmutableArray<NewMessage> Write(IReadOnlyList<ChatMessage> input, TurnLimits limits)
    {
        if (input.Count >= limits.MaxTurnMessages)
        {
            throw new PayloadTooLargeException(
                "messages",
                input.Count,
                limits.MaxTurnMessages - 1,
                "messages",
                "One is left for the answer."
            );
        }

        List<AnswerChange> changes = [];
        var keeping = new MessageKeeping(format, changes);
        long bytes = 0;
        ImmutableArray<NewMessage>.Builder written = ImmutableArray.CreateBuilder<NewMessage>(input.Count);
        for (int i = 0; i < input.Count; i++)
        {
            NewMessage message = Write(input[i], keeping, limits);
            bytes += Check(message, FormattableString.Invariant($"messages[{i}]"), limits);
            written.Add(message);
        }

        long allowed = limits.MaxTurnBytes - Reserved(limits);
        return bytes <= allowed
            ? written.MoveToImmutable()
            : throw new PayloadTooLargeException("messages", bytes, allowed, "bytes", "Some room is left for the answer.");
    }

    /// <summary>Makes an input that was accepted fit into limits that were lowered since: the model has answered it.</summary>
    /// <param name="written">The messages to append, as they were accepted.</param>
    /// <param name="limits">The limits now.</param>
    /// <param name="changes">Where changes are noted.</param>
    /// <returns>The messages to append; the same ones where they fit.</returns>
    public ImmutableArray<NewMessage> Refit(
        IReadOnlyList<ChatMessage> input,
        ImmutableArray<NewMessage> written,
        TurnLimits limits,
        ICollection<AnswerChange> changes
    )
    {
        long room = limits.MaxTurnBytes - Reserved(limits);
        if (
            written.Length < limits.MaxTurnMessages
            && written.All(message => TurnSize.BytesOf(message) <= limits.MaxMessageBytes)
            && written.Sum(TurnSize.BytesOf) <= room
        )
        {
            return written;
        }

        var keeping = new MessageKeeping(format, changes);
        List<KeptMessage> kept = [.. input.Select(keeping.Keep)];
        keeping.Fit(kept, limits, (limits.MaxTurnMessages - 1, room));
        return [.. kept.Select(message => message.ToNewMessage())];
    }

    private NewMessage Write(ChatMessage message, MessageKeeping keeping, TurnLimits limits)
    {
        if (message.Role != ChatRole.Tool)
        {
            return format.ToNewMessage(message);
        }

        KeptMessage kept = keeping.Keep(message);
        keeping.Fit([kept], limits, (1, limits.MaxMessageBytes));
        return kept.ToNewMessage();
    }

    private static long Check(NewMessage message, string path, TurnLimits limits)
    {
        if (!MessageRoles.IsKnown(message.Role))
        {
            throw new InvalidRequestException(path + ".role", $"{path}.role must be one of system, developer, user, assistant, tool.");
        }

        if (message.Id is { } id && !AnswerIds.IsValid(id))
        {
            throw new InvalidRequestException(
                path + ".id",
                $"{path}.id must be 1 to 256 bytes of UTF-8, without U+0000 and unpaired surrogates."
            );
        }

        if (message.Author is { Length: > 0 } author && !AnswerIds.IsValid(author))
        {
            throw new InvalidRequestException(
                path + ".author",
                $"{path}.author must be at most 256 bytes of UTF-8, without U+0000 and unpaired surrogates."
            );
        }

        long bytes = TurnSize.BytesOf(message);
        if (bytes > limits.MaxMessageBytes)
        {
            throw new PayloadTooLargeException(path, bytes, limits.MaxMessageBytes, "bytes");
        }

        CheckDepth(message.Contents, path + ".contents");
        CheckDepth(message.Metadata, path + ".metadata");
        return bytes;
    }

    private static void CheckDepth(string? json, string path)
    {
        if (json is null)
        {
            return;
        }

        int count = Encoding.UTF8.GetByteCount(json);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(count);
        try
        {
            var reader = new Utf8JsonReader(
                buffer.AsSpan(0, Encoding.UTF8.GetBytes(json, buffer)),
                new JsonReaderOptions { MaxDepth = MaxDepth }
            );
            while (reader.Read()) { }
        }
        catch (JsonException)
        {
            throw new InvalidRequestException(path, $"{path} must be JSON of at most {MaxDepth} levels.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
