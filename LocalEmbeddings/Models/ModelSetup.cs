using System.Security.Cryptography;
using System.Text;

namespace OrleansMemory.LocalEmbeddings.Models;

/// <summary>The options with all that is left open filled in for the chosen model.</summary>
/// <param name="Pooling">How the vectors of tokens become one.</param>
/// <param name="LowerCase">Whether the vocabulary has small letters without accents only.</param>
/// <param name="QueryPrefix">What is put before questions.</param>
/// <param name="DocumentPrefix">What is put before other texts.</param>
/// <param name="MaxTokens">How many tokens of a text are looked at.</param>
/// <param name="Threads">How many threads compute a batch.</param>
internal sealed record ModelSetup(
    EmbeddingPooling Pooling,
    bool LowerCase,
    string QueryPrefix,
    string DocumentPrefix,
    int MaxTokens,
    int Threads
)
{
    private const int MaxTokensOfFile = 512;
    private const int MostThreads = 4;
    private const int FingerprintBytes = 6;

    /// <summary>Fills in what is open.</summary>
    public static ModelSetup Of(LocalEmbeddingOptions options)
    {
        ModelProfile? profile = ModelProfile.Of(options.Model);
        return new ModelSetup(
            profile?.Pooling ?? options.Pooling ?? EmbeddingPooling.Mean,
            profile is not null || options.LowerCase,
            options.QueryPrefix ?? profile?.QueryPrefix ?? "",
            options.DocumentPrefix ?? "",
            options.MaxTokens ?? profile?.MaxTokens ?? MaxTokensOfFile,
            options.Threads ?? Math.Clamp(Environment.ProcessorCount / 2, 1, MostThreads)
        );
    }

    /// <summary>
    /// What the vectors of documents are called: two generators of one name give comparable vectors. A known model that is used as it was
    /// trained has its own name; otherwise a fingerprint of all that changes vectors follows.
    /// </summary>
    public string Name(LocalEmbeddingOptions options)
    {
        if (ModelProfile.Of(options.Model) is { } profile)
        {
            return MaxTokens == profile.MaxTokens && DocumentPrefix.Length == 0 ? profile.Id : $"{profile.Id}#{Fingerprint([])}";
        }

        return $"{Path.GetFileNameWithoutExtension(options.ModelPath)}#{Fingerprint([HashOf(options.ModelPath!), HashOf(options.VocabularyPath!)])}";
    }

    private string Fingerprint(IEnumerable<byte[]> files)
    {
        string settings = FormattableString.Invariant($"{Pooling}|{LowerCase}|{MaxTokens}|{DocumentPrefix}");
        byte[] hash = SHA256.HashData([.. files.SelectMany(file => file), .. Encoding.UTF8.GetBytes(settings)]);
        return Convert.ToHexStringLower(hash.AsSpan(0, FingerprintBytes));
    }

    private static byte[] HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return SHA256.HashData(file);
    }
}
