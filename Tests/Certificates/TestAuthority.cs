using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansMemory.Certificates;

namespace OrleansMemory.Tests.Certificates;

/// <summary>An authority of a test's own, with the files of the certificates that it has issued.</summary>
internal sealed class TestAuthority : IDisposable
{
    public const string Password = "hunter2";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("om-certificates-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=authority " + Guid.NewGuid(), _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true)
        );
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _root = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
        AuthorityPath = Write("authority.pem", _root.ExportCertificatePem());
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public string AuthorityPath { get; }

    /// <summary>Issues a certificate with its key.</summary>
    /// <param name="expires">When it expires, from now on.</param>
    public X509Certificate2 Issue(PeerUsages usages, TimeSpan? expires = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=peer", key, HashAlgorithmName.SHA256);
        OidCollection named = [];
        if (usages.HasFlag(PeerUsages.Server))
        {
            named.Add(new Oid(ServerAuthentication));
        }

        if (usages.HasFlag(PeerUsages.Client))
        {
            named.Add(new Oid(ClientAuthentication));
        }

        if (named.Count > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(named, critical: false));
        }

        using X509Certificate2 issued = request.Create(
            _root,
            Now.AddDays(-30),
            Now + (expires ?? TimeSpan.FromDays(1)),
            RandomNumberGenerator.GetBytes(8)
        );
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>Issues a certificate, and writes it with its key into one file of PEM.</summary>
    /// <param name="expires">When it expires, from now on.</param>
    public string IssuePem(PeerUsages usages, TimeSpan? expires = null)
    {
        using X509Certificate2 certificate = Issue(usages, expires);
        return WritePem(NewName(".pem"), certificate);
    }

    /// <summary>Writes a certificate and its key.</summary>
    public string WritePem(string name, X509Certificate2 certificate) =>
        Write(name, certificate.ExportCertificatePem() + "\n" + certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());

    /// <summary>Writes a file into the authority's folder.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes a file into the authority's folder.</summary>
    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>The options of a process with a certificate of this authority.</summary>
    public ClusterTlsOptions Options(PeerUsages usages) => new() { CertificatePath = IssuePem(usages), AuthorityPath = AuthorityPath };

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string NewName(string extension) => Guid.NewGuid().ToString("N") + extension;
}
