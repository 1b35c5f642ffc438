using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.RealInput;

/// <summary>One conversation of LoCoMo as chat messages, with speaker, session date and turn id kept.</summary>
internal sealed record LocomoConversation(string Id, IReadOnlyList<ChatMessage> Messages)
{
    public static IReadOnlyList<LocomoConversation> Read(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. document.RootElement.EnumerateArray().Select(Read)];
    }

    private static LocomoConversation Read(JsonElement sample)
    {
        JsonElement conversation = sample.GetProperty("conversation");
        string first = conversation.GetProperty("speaker_a").GetString()!;
        var messages = new List<ChatMessage>();
        for (
            int session = 1;
            conversation.TryGetProperty(FormattableString.Invariant($"session_{session}_date_time"), out JsonElement date);
            session++
        )
        {
            if (!conversation.TryGetProperty(FormattableString.Invariant($"session_{session}"), out JsonElement turns))
            {
                continue;
            }

            DateTimeOffset start = DateTimeOffset.ParseExact(
                date.GetString()!,
                "h:mm tt 'on' d MMMM, yyyy",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal
            );
            messages.AddRange(turns.EnumerateArray().Select((turn, i) => ToMessage(turn, first, session, start.AddSeconds(i))));
        }

        return new LocomoConversation(sample.GetProperty("sample_id").GetString()!, messages);
    }

    private static ChatMessage ToMessage(JsonElement turn, string first, int session, DateTimeOffset said)
    {
        string speaker = turn.GetProperty("speaker").GetString()!;
        var message = new ChatMessage(speaker == first ? ChatRole.User : ChatRole.Assistant, turn.GetProperty("text").GetString())
        {
            AuthorName = speaker,
            MessageId = turn.GetProperty("dia_id").GetString(),
            CreatedAt = said,
            AdditionalProperties = new AdditionalPropertiesDictionary { ["session"] = session },
        };
        if (turn.TryGetProperty("blip_caption", out JsonElement caption))
        {
            message.AdditionalProperties["image_caption"] = caption.GetString();
        }

        return message;
    }
}
