using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>
/// Writes what the model is sent. Whatever users, models and callers wrote stands in it quoted, between marks that no text can write.
/// </summary>
/// <param name="maxTextBytes">The most bytes of a turn's text; the rest of it is left out.</param>
internal sealed class PromptWriter(int maxTextBytes)
{
    /// <summary>Writes a prompt.</summary>
    /// <param name="batch">What it is about.</param>
    /// <param name="fault">Why the last reply could not be read; <see langword="null"/> at first.</param>
    /// <returns>The messages.</returns>
    public IList<ChatMessage> Write(ExtractionBatch batch, string? fault)
    {
        var text = new StringBuilder("<known_facts>\n");
        for (int i = 0; i < batch.Known.Length; i++)
        {
            text.Append("{\"id\": \"").Append(ExtractionBatch.FactName(i)).Append('"');
            MemoryFact fact = batch.Known[i];
            AppendInstant(text, fact.OccurredAt);
            AppendText(text, "text", fact.Text);
            text.Append("}\n");
        }

        text.Append("</known_facts>\n<turns>\n");
        for (int i = 0; i < batch.Turns.Length; i++)
        {
            text.Append("{\"id\": \"").Append(ExtractionBatch.TurnName(i)).Append('"');
            AppendTurn(text, batch.Turns[i]);
            text.Append("}\n");
        }

        text.Append("</turns>");
        if (fault is not null)
        {
            text.Append("\n\n").Append(ExtractionPrompts.Unreadable(fault));
        }

        return [new ChatMessage(ChatRole.System, ExtractionPrompts.Instructions), new ChatMessage(ChatRole.User, text.ToString())];
    }

    private static void AppendInstant(StringBuilder text, DateTimeOffset instant) =>
        text.Append(CultureInfo.InvariantCulture, $", \"at\": \"{instant.UtcDateTime:yyyy-MM-dd HH:mm dddd}\"");

    private static void AppendText(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append(", \"").Append(name).Append("\": ").Append(MemoryFence.Quote(value));
        }
    }

    private void AppendTurn(StringBuilder text, MemoryFact turn)
    {
        AppendInstant(text, turn.OccurredAt);
        AppendText(text, "role", turn.Role);
        AppendText(text, "speaker", turn.Speaker);
        AppendText(text, "text", Utf8Text.Cut(turn.Text, maxTextBytes));
        AppendText(text, "image", turn.Caption is { } caption ? Utf8Text.Cut(caption, maxTextBytes) : null);
    }
}
