using System.Text.Json.Serialization;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Client.Transfer;

/// <summary>How <see cref="MessageDocument"/> is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MessageDocument))]
internal sealed partial class TransferJson : JsonSerializerContext;
