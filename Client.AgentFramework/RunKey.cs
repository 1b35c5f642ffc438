using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>The keys under which runs are recorded as memories, and what tells one run's input from another's.</summary>
internal static class RunKey
{
    /// <summary>The key of a run: the same for the same run of the same conversation, however often it is made.</summary>
    /// <param name="conversation">The conversation's name.</param>
    /// <param name="turnId">The run's turn id.</param>
    public static string Of(string conversation, string turnId) => "run_" + Hash([conversation, turnId]);

    /// <summary>The fingerprint of a run's input.</summary>
    public static string FingerprintOf(IEnumerable<ChatMessage> input) =>
        "run " + Hash(input.SelectMany(message => (string[])[message.Role.Value, message.MessageId ?? string.Empty, message.Text]));

    private static string Hash(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
