using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Tests.Contracts;

/// <summary>
/// Random texts and queries of few words, and a look at a text that knows nothing of tokens: words are separated by single spaces, stems
/// are the words themselves, a CJK word is any part of a run, and spaces between CJK words do not matter.
/// </summary>
internal static class SearchVocabulary
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string[] Words = ["alpha", "bravo", "kilo", "東京", "東京都", "京都", "京", "都", "大東京"];

    public static MessageRow Row(Random random, long sequence, int number)
    {
        string text = string.Join(' ', Pick(random, random.Next(7)));
        return WrittenConversation.Sized(
            new Message
            {
                Sequence = sequence,
                Id = FormattableString.Invariant($"said-{number}"),
                Role = MessageRoles.User,
                Contents = JsonSerializer.Serialize(
                    new[]
                    {
                        new Dictionary<string, string> { ["$type"] = "text", ["text"] = text },
                    }
                ),
                Created = WrittenConversation.Start.AddSeconds(random.Next(50)),
            }
        );
    }

    public static string TextOf(Message message) => JsonDocument.Parse(message.Contents).RootElement[0].GetProperty("text").GetString()!;

    public static (string Query, Func<string, bool> Matches) Query(Random random)
    {
        (string Text, Func<string, bool> Matches)[] alternatives =
        [
            .. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Alternative(random)),
        ];
        return (
            string.Join(" OR ", alternatives.Select(alternative => alternative.Text)),
            text => alternatives.Any(alternative => alternative.Matches(text))
        );
    }

    private static (string Text, Func<string, bool> Matches) Alternative(Random random)
    {
        string[] wanted = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Phrase(random))];
        string[] excluded = [.. Enumerable.Range(0, random.Next(3) == 0 ? 1 : 0).Select(_ => Phrase(random))];
        return (
            string.Join(' ', [.. wanted.Select(Quote), .. excluded.Select(phrase => "-" + Quote(phrase))]),
            text => wanted.All(phrase => Has(text, phrase)) && !excluded.Any(phrase => Has(text, phrase))
        );
    }

    private static string Phrase(Random random) => string.Join(' ', Pick(random, random.Next(3) == 0 ? random.Next(2, 4) : 1));

    private static IEnumerable<string> Pick(Random random, int count) =>
        Enumerable.Range(0, count).Select(_ => Words[random.Next(Words.Length)]);

    private static string Quote(string phrase) => phrase.Contains(' ', StringComparison.Ordinal) ? $"\"{phrase}\"" : phrase;

    /// <summary>In a phrase a space between two CJK words may be missing in the text: it means nothing there.</summary>
    private static bool Has(string text, string phrase)
    {
        string pattern = (char.IsAscii(phrase[0]) ? " " : "") + phrase + (char.IsAscii(phrase[^1]) ? " " : "");
        return Regex.IsMatch(
            $" {text} ",
            Regex.Replace(pattern, "(?<=[^ -~]) (?=[^ -~])", " ?", RegexOptions.None, Patience),
            RegexOptions.None,
            Patience
        );
    }
}
