using System.Globalization;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Ids for messages that came without one.</summary>
internal static class MessageIds
{
    public static string New() => string.Create(CultureInfo.InvariantCulture, $"msg_{Random.Shared.NextInt64():x16}");
}
