using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansMemory.Certificates;

/// <summary>Decides whether a peer's certificate is believed.</summary>
internal static class PeerCheck
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>
    /// How a peer's chain is built: up to our authority and no other, from what the peer has sent and nothing that would have to be
    /// fetched.
    /// </summary>
    /// <param name="authority">The authority's certificates.</param>
    /// <param name="revocation">Whether it is asked if a certificate was revoked; its list may be fetched.</param>
    /// <param name="demanded">What the certificate must be allowed for.</param>
    /// <returns>The policy, for one handshake.</returns>
    public static X509ChainPolicy Policy(X509Certificate2Collection authority, X509RevocationMode revocation, PeerUsages demanded)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = revocation,
            RevocationFlag = X509RevocationFlag.ExcludeRoot,
            DisableCertificateDownloads = revocation != X509RevocationMode.Online,
        };
        policy.CustomTrustStore.AddRange(authority);
        foreach (string usage in Identifiers(demanded))
        {
            policy.ApplicationPolicy.Add(new Oid(usage));
        }

        return policy;
    }

    /// <summary>Whether a peer is believed whose chain was built by <see cref="Policy"/>.</summary>
    /// <param name="errors">What was found wrong.</param>
    /// <param name="demanded">What the certificate must be allowed for.</param>
    /// <returns>Whether nothing was wrong but the name, which says nothing here, and the certificate names its usages.</returns>
    public static bool IsBelieved(X509Certificate2 certificate, SslPolicyErrors errors, PeerUsages demanded) =>
        (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None && Allows(certificate, demanded);

    /// <summary>
    /// Whether a certificate says of itself what it is for. One without the extension is good for anything to the platform, and for nothing
    /// here.
    /// </summary>
    /// <param name="demanded">What it must be allowed for.</param>
    /// <returns>Whether it names all of it.</returns>
    public static bool Allows(X509Certificate2 certificate, PeerUsages demanded)
    {
        HashSet<string?> named =
        [
            .. certificate
                .Extensions.OfType<X509EnhancedKeyUsageExtension>()
                .SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>())
                .Select(usage => usage.Value),
        ];
        return Identifiers(demanded).All(named.Contains);
    }

    private static IEnumerable<string> Identifiers(PeerUsages usages)
    {
        if (usages.HasFlag(PeerUsages.Client))
        {
            yield return ClientAuthentication;
        }

        if (usages.HasFlag(PeerUsages.Server))
        {
            yield return ServerAuthentication;
        }
    }
}
