using Orleans.Storage;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>Writes grain states as <see cref="GrainStateJson"/> does: rows of earlier releases are read, and the row says nothing of .NET types.</summary>
internal sealed class GrainStateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(GrainStateJson.Write(input));

    public T? Deserialize<T>(BinaryData input) => GrainStateJson.Read<T>(input.ToMemory().Span);
}
