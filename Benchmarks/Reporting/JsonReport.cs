using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansMemory.Benchmarks.Reporting;

/// <summary>A whole run as JSON.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Of(Machine machine, DateTimeOffset startedAt, TimeSpan slice, IReadOnlyList<Figure> figures) =>
        JsonSerializer.Serialize(
            new
            {
                startedAt,
                sliceSeconds = slice.TotalSeconds,
                machine,
                figures,
            },
            Options
        );
}
