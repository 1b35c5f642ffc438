using System.Text;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Runs;

/// <summary>A message on its way into the log, as it is stored, which can be made smaller.</summary>
/// <param name="message">The message without its contents.</param>
/// <param name="contents">Its contents as they came, or what stands in their place, each with its JSON.</param>
internal sealed class KeptMessage(NewMessage message, List<(AIContent Content, string Json)> contents)
{
    // What is left of a message of which nothing fits.
    private const string Nothing = """{"$type":"text","text":"[too large]"}""";

    private readonly HashSet<int> _shrunk = [];
    private NewMessage _message = message;

    /// <summary>The bytes that a turn's limits count.</summary>
    public long Bytes =>
        2
        + Math.Max(0, contents.Count - 1)
        + contents.Sum(content => (long)Encoding.UTF8.GetByteCount(content.Json))
        + (_message.Metadata is { } metadata ? Encoding.UTF8.GetByteCount(metadata) : 0);

    /// <summary>The message to append.</summary>
    public NewMessage ToNewMessage() => _message with { Contents = $"[{string.Join(',', contents.Select(content => content.Json))}]" };

    /// <summary>Makes the message smaller, by its largest part that is still whole.</summary>
    /// <param name="format">How contents are written.</param>
    /// <param name="keptCharacters">How many characters of a text are kept.</param>
    /// <param name="changes">Where the change is noted.</param>
    /// <returns>Whether there was something left to make smaller.</returns>
    public bool Shrink(ChatMessageFormat format, int keptCharacters, ICollection<AnswerChange> changes)
    {
        int largest = Enumerable
            .Range(0, contents.Count)
            .Where(i => !_shrunk.Contains(i))
            .OrderByDescending(i => contents[i].Json.Length)
            .FirstOrDefault(-1);
        if (_message.Metadata is { } metadata && (largest < 0 || metadata.Length > contents[largest].Json.Length))
        {
            _message = _message with { Metadata = null };
            changes.Add(new AnswerChange(AnswerChangeKind.Size, _message.Id ?? string.Empty, nameof(ChatMessage.AdditionalProperties)));
            return true;
        }

        if (largest < 0)
        {
            bool more = contents.Count != 1 || contents[0].Json.Length > Nothing.Length;
            contents.Clear();
            contents.Add((new TextContent("[too large]"), Nothing));
            _shrunk.Clear();
            _shrunk.Add(0);
            return more;
        }

        (AIContent whole, string json) = contents[largest];
        AIContent stand = Placeholders.ForLarge(whole, Encoding.UTF8.GetByteCount(json), keptCharacters);
        contents[largest] = (stand, format.TryWrite([stand], out string? written) ? written[1..^1] : Nothing);
        _shrunk.Add(largest);
        changes.Add(new AnswerChange(AnswerChangeKind.Size, _message.Id ?? string.Empty, Placeholders.NameOf(whole)));
        return true;
    }
}
