using System.Text;
using OrleansMemory.Benchmarks.Recall;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Growth;

/// <summary>
/// Messages of 300 bytes whose words are as frequent and as rare as in real text: a search index of one text again and again would be
/// smaller.
/// </summary>
internal sealed class MadeTexts
{
    private const int TextBytes = 300;

    private readonly MadeMemories _made = new();

    /// <summary>Makes a turn.</summary>
    /// <param name="messages">How many messages.</param>
    /// <returns>The turn, under an id of its own.</returns>
    public Turn Turn(int messages) =>
        new()
        {
            TurnId = ConversationInput.NewId(),
            Messages =
            [
                .. Enumerable
                    .Range(0, messages)
                    .Select(_ => ConversationInput.Message with { Contents = "[{\"$type\":\"text\",\"text\":\"" + Text() + "\"}]" }),
            ],
        };

    /// <summary>Chooses a word of some text: a frequent one more often than a rare one.</summary>
    /// <returns>The word.</returns>
    public string Word() => _made.Turns(0, 1)[0].Text.Split(' ')[^1];

    private string Text()
    {
        var text = new StringBuilder();
        while (text.Length < TextBytes)
        {
            text.Append(_made.Turns(0, 1)[0].Text).Append(' ');
        }

        return text.ToString(0, TextBytes);
    }
}
