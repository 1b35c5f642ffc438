using System.Security.Cryptography;
using System.Text;

namespace OrleansMemory.Client.Agents;

/// <summary>The keys under which runs are recorded.</summary>
internal static class RunKey
{
    /// <summary>The key of a run: the same for the same run of the same thread, however often it is made.</summary>
    /// <param name="run">The run, which has a turn id.</param>
    /// <param name="applicationId">The application that records; two of them record one run twice. <see langword="null"/> for none.</param>
    /// <returns>The key.</returns>
    public static string Of(RunIdentity run, string? applicationId)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in (string[])[run.Conversation?.ToString() ?? string.Empty, run.ThreadId ?? string.Empty, run.TurnId!, applicationId ?? string.Empty])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return $"run_{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
