using System.Text;
using Microsoft.Extensions.AI;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// The ids that the messages of an answer are stored under: the model's own where they can be stored and nothing else has them, else ones
/// of ours. So an id finds one message when it is sent again.
/// </summary>
/// <param name="taken">The ids of messages before the answer, as far as they have been read.</param>
/// <param name="changes">Where a changed id is noted.</param>
internal sealed class AnswerIds(IEnumerable<string> taken, ICollection<AnswerChange> changes)
{
    private const int MaxBytes = 256;
    private const int MaxOriginalLength = 1_024;

    private readonly HashSet<string> _before = new(taken, StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    /// <summary>Makes an id.</summary>
    public static string New() => $"msg_{Guid.NewGuid().ToString("N")[..16]}";

    /// <summary>Whether an id, or a name, can be stored.</summary>
    /// <returns>Whether it is 1 to 256 bytes of valid UTF-8, without U+0000.</returns>
    public static bool IsValid(string text) =>
        text.Length > 0
        && text.Length <= MaxBytes
        && !text.Contains('\0', StringComparison.Ordinal)
        && Encoding.UTF8.GetByteCount(text) <= MaxBytes
        && StorableText.IsWellFormed(text);

    /// <summary>What is kept of a text that cannot stand where it stood.</summary>
    /// <returns>Its first 1,024 characters.</returns>
    public static string Original(string text) => text.Length <= MaxOriginalLength ? text : text[..MaxOriginalLength];

    /// <summary>The ids for an answer that comes once more, or goes on where it was broken off.</summary>
    /// <param name="given">The ids that its messages have had from here.</param>
    public AnswerIds Again(IEnumerable<string> given)
    {
        var again = new AnswerIds(_before, changes);
        again._given.UnionWith(given);
        again._taken.UnionWith(again._given);
        return again;
    }

    /// <summary>The id of the next message.</summary>
    /// <param name="given">The model's id; <see langword="null"/> or empty when it gave none.</param>
    /// <returns>The id, and the model's where it is another one.</returns>
    public (string Id, string? Original) Next(string? given)
    {
        bool none = string.IsNullOrEmpty(given);
        string id = none || !IsValid(given!) || _before.Contains(given!) || !_taken.Add(given!) ? New() : given!;
        _given.Add(id);
        bool changed = !none && !string.Equals(id, given, StringComparison.Ordinal);
        if (changed)
        {
            changes.Add(new AnswerChange(AnswerChangeKind.MessageId, id));
        }

        return (id, changed ? Original(given!) : null);
    }

    /// <summary>Gives a message of an answer its id, unless it has one from here already.</summary>
    /// <param name="message">The message, which must be ours to change.</param>
    public void Settle(ChatMessage message)
    {
        if (message.MessageId is { } settled && _given.Remove(settled))
        {
            return;
        }

        (message.MessageId, string? original) = Next(message.MessageId);
        _given.Remove(message.MessageId!);
        if (original is not null)
        {
            message.AdditionalProperties ??= [];
            message.AdditionalProperties[ChatMessageFormat.OriginalIdProperty] = original;
        }
    }
}
