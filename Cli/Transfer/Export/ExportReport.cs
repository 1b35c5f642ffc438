using System.Globalization;
using System.Text.Json.Serialization;

namespace OrleansMemory.Cli.Transfer.Export;

/// <summary>What an export came to.</summary>
/// <param name="File">Its full path; <c>-</c> for the standard output.</param>
/// <param name="Counts">What is in it; <see langword="null"/> for one conversation.</param>
/// <param name="IsResumed">Whether an earlier run had begun it.</param>
internal sealed record ExportReport(
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("bytes")] long Bytes,
    [property: JsonPropertyName("counts"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TransferCounts? Counts,
    [property: JsonPropertyName("resumed")] bool IsResumed
)
{
    /// <summary>The report as a line.</summary>
    public string Say()
    {
        string of = Counts is null
            ? string.Empty
            : string.Create(
                CultureInfo.InvariantCulture,
                $": {Counts.Conversations} conversations, {Counts.Messages} messages, {Counts.Entries} entries, {Counts.Memories} memories"
            );
        return string.Create(CultureInfo.InvariantCulture, $"{File}: {Bytes} bytes{of}{(IsResumed ? " (taken up again)" : string.Empty)}");
    }
}
