using System.Globalization;
using System.Text;

namespace OrleansMemory.Grains.Auditing;

/// <summary>How much was done. The names are ours; no value is anything but a number.</summary>
internal readonly struct AuditCounts(params (string Name, long? Value)[] values)
{
    /// <summary>The counts as a JSON object; what is <see langword="null"/> is left out.</summary>
    public string ToJson()
    {
        var json = new StringBuilder("{");
        foreach ((string name, long? value) in values)
        {
            if (value is { } number)
            {
                json.Append(CultureInfo.InvariantCulture, $"{(json.Length > 1 ? "," : "")}\"{name}\":{number}");
            }
        }

        return json.Append('}').ToString();
    }
}
