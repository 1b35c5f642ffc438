using System.Security.Cryptography;
using System.Text;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>
/// What a request that is sent again under its key must match: new ids are made for each, so what it commits would differ.
/// </summary>
internal static class RequestHash
{
    /// <summary>The fingerprint of a request.</summary>
    public static string Of(string operation, string said) =>
        $"openai-{operation}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)))}";
}
