using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>JSON that need not be valid: names and values are bytes, and a name may stand there twice.</summary>
internal sealed class RawJson
{
    private RawJson(byte[]? value, List<RawJson>? items, List<(byte[] Name, RawJson Value)>? properties)
    {
        Value = value;
        Items = items;
        Properties = properties;
    }

    /// <summary>The bytes of a plain value; <see langword="null"/> for an array or an object.</summary>
    public byte[]? Value { get; set; }

    public List<RawJson>? Items { get; set; }

    public List<(byte[] Name, RawJson Value)>? Properties { get; set; }

    /// <summary>A value as it is written.</summary>
    public static RawJson Of(byte[] value) => new(value, null, null);

    public static RawJson Of(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => new RawJson(
                null,
                null,
                [.. element.EnumerateObject().Select(property => (Quoted(property.Name), Of(property.Value)))]
            ),
            JsonValueKind.Array => new RawJson(null, [.. element.EnumerateArray().Select(Of)], null),
            _ => Of(JsonMarshal.GetRawUtf8Value(element).ToArray()),
        };

    /// <summary>It and everything in it.</summary>
    public List<RawJson> All()
    {
        List<RawJson> all = [this];
        for (int i = 0; i < all.Count; i++)
        {
            all.AddRange(all[i].Items ?? []);
            all.AddRange(all[i].Properties?.Select(property => property.Value) ?? []);
        }

        return all;
    }

    /// <summary>Puts something else in its place.</summary>
    public void Become(RawJson other) => (Value, Items, Properties) = (other.Value, other.Items, other.Properties);

    /// <summary>Puts it into an array.</summary>
    public void Wrap() => (Value, Items, Properties) = (null, [new RawJson(Value, Items, Properties)], null);

    public byte[] Write()
    {
        var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }

    public static byte[] Quoted(string name) => Encoding.UTF8.GetBytes($"\"{name}\"");

    private void Write(MemoryStream stream)
    {
        if (Value is not null)
        {
            stream.Write(Value);
            return;
        }

        stream.WriteByte((byte)(Items is not null ? '[' : '{'));
        bool first = true;
        foreach (
            (byte[]? name, RawJson value) in Items?.Select(item => ((byte[]?)null, item))
                ?? Properties!.Select(property => ((byte[]?)property.Name, property.Value))
        )
        {
            if (!first)
            {
                stream.WriteByte((byte)',');
            }

            first = false;
            if (name is not null)
            {
                stream.Write(name);
                stream.WriteByte((byte)':');
            }

            value.Write(stream);
        }

        stream.WriteByte((byte)(Items is not null ? ']' : '}'));
    }
}
