using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansMemory.Certificates;

/// <summary>What the files hold.</summary>
/// <param name="Own">Our certificate with its private key.</param>
/// <param name="Context">It with the intermediate certificates that a peer is sent.</param>
/// <param name="Authority">The authority's certificates.</param>
internal sealed record LoadedCertificates(X509Certificate2 Own, SslStreamCertificateContext Context, X509Certificate2Collection Authority);
