using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansMemory.Certificates;
using Xunit;

namespace OrleansMemory.Tests.Certificates;

/// <summary>Where certificates come from, what is said of wrong ones, and when they are read again.</summary>
public sealed class ClusterCertificatesTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Nothing_is_read_where_nothing_is_set() => Assert.False(Load(new ClusterTlsOptions()).IsOn);

    [Fact]
    public void A_certificate_comes_from_PEM_with_its_key_beside_it_or_encrypted_and_from_PFX_with_a_password()
    {
        using X509Certificate2 certificate = _authority.Issue(PeerUsages.Silo);
        using var key = certificate.GetECDsaPrivateKey()!;
        string pem = _authority.Write("alone.pem", certificate.ExportCertificatePem());
        string password = _authority.Write("password", TestAuthority.Password + "\n");
        var encryption = new System.Security.Cryptography.PbeParameters(
            System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc,
            System.Security.Cryptography.HashAlgorithmName.SHA256,
            1_000
        );
        ClusterTlsOptions[] all =
        [
            new() { CertificatePath = _authority.WritePem("both.pem", certificate) },
            new() { CertificatePath = pem, KeyPath = _authority.Write("key.pem", key.ExportPkcs8PrivateKeyPem()) },
            new()
            {
                CertificatePath = pem,
                KeyPath = _authority.Write("locked.pem", key.ExportEncryptedPkcs8PrivateKeyPem(TestAuthority.Password, encryption)),
                PasswordPath = password,
            },
            new()
            {
                CertificatePath = _authority.Write("one.pfx", certificate.Export(X509ContentType.Pkcs12, TestAuthority.Password)),
                PasswordPath = password,
            },
            new() { CertificatePath = _authority.Write("open.pfx", certificate.Export(X509ContentType.Pkcs12)) },
        ];

        Assert.All(
            all,
            options =>
            {
                options.AuthorityPath = _authority.AuthorityPath;
                X509Certificate2 own = Load(options).Take().Own;
                Assert.Equal((certificate.Thumbprint, true), (own.Thumbprint, own.HasPrivateKey));
            }
        );
    }

    [Fact]
    public void Whatever_is_wrong_is_named_by_its_setting_and_nothing_of_it_is_quoted()
    {
        using var other = new TestAuthority();
        using X509Certificate2 certificate = _authority.Issue(PeerUsages.Silo);
        string good = _authority.WritePem("good.pem", certificate);
        string pem = _authority.Write("alone.pem", certificate.ExportCertificatePem());
        string pfx = _authority.Write("locked.pfx", certificate.Export(X509ContentType.Pkcs12, "another"));
        string password = _authority.Write("password", TestAuthority.Password);
        using X509Certificate2 publicPart = X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert));
        (string Rule, ClusterTlsOptions Options)[] all =
        [
            ("CertificatePath is missing", new() { AuthorityPath = _authority.AuthorityPath }),
            ("AuthorityPath is missing", new() { CertificatePath = good }),
            ("CertificatePath names a file that does not exist", Trusting("/nowhere/hunter2.pem")),
            ("KeyPath names a file that does not exist", Trusting(pem, key: "/nowhere/hunter2.pem")),
            ("PasswordPath names a file that does not exist", Trusting(pfx, password: "/nowhere/hunter2")),
            ("AuthorityPath names a file that does not exist", new() { CertificatePath = good, AuthorityPath = "/nowhere/hunter2.pem" }),
            ("AuthorityPath must name a file with one certificate or more", new() { CertificatePath = good, AuthorityPath = password }),
            ("CertificatePath must name a file with a certificate in PEM, or a PFX.", Trusting(password)),
            ("CertificatePath must name a file with the certificate's private key", Trusting(pem)),
            ("KeyPath must name a file with the certificate's private key", Trusting(pem, key: password)),
            ("a PFX that the password opens", Trusting(pfx, password: password)),
            ("Where the PFX has a password, set PasswordPath", Trusting(pfx)),
            ("names a PFX without a private key", Trusting(_authority.Write("public.pfx", publicPart.Export(X509ContentType.Pkcs12)))),
            ("has expired", Trusting(_authority.IssuePem(PeerUsages.Silo, TimeSpan.FromDays(-1)))),
            ("serverAuth and clientAuth", Trusting(_authority.IssuePem(PeerUsages.Client))),
            ("serverAuth and clientAuth", Trusting(_authority.IssuePem(PeerUsages.None))),
            ("was not issued by the authority", Trusting(other.IssuePem(PeerUsages.Silo))),
        ];

        Assert.All(
            all,
            wrong =>
            {
                OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => Load(wrong.Options));
                Assert.Contains(wrong.Rule, failure.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(TestAuthority.Password, failure.ToString(), StringComparison.Ordinal);
                Assert.Null(failure.InnerException);
            }
        );
    }

    [Fact]
    public void A_client_needs_no_certificate_of_a_server() =>
        Assert.True(
            new ClusterCertificates(
                _authority.Options(PeerUsages.Client),
                PeerUsages.Client,
                _time,
                NullLogger<ClusterCertificates>.Instance
            ).IsOn
        );

    [Fact]
    public void A_renewed_certificate_is_used_within_half_a_minute_and_one_that_cannot_be_used_does_not_replace_it()
    {
        using X509Certificate2 first = _authority.Issue(PeerUsages.Silo);
        using X509Certificate2 second = _authority.Issue(PeerUsages.Silo);
        string path = _authority.WritePem("own.pem", first);
        ClusterCertificates certificates = Load(Trusting(path));

        _authority.WritePem("own.pem", second);
        _time.Advance(ClusterCertificates.LookAgainAfter - TimeSpan.FromSeconds(1));
        Assert.Equal(first.Thumbprint, certificates.Take().Own.Thumbprint);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(second.Thumbprint, certificates.Take().Own.Thumbprint);

        File.WriteAllText(path, "half of");
        _time.Advance(ClusterCertificates.LookAgainAfter);
        Assert.Equal(second.Thumbprint, certificates.Take().Own.Thumbprint);

        File.Delete(path);
        _time.Advance(ClusterCertificates.LookAgainAfter);
        Assert.Equal(second.Thumbprint, certificates.Take().Own.Thumbprint);

        _authority.WritePem("own.pem", first);
        _time.Advance(ClusterCertificates.LookAgainAfter);
        Assert.Equal(first.Thumbprint, certificates.Take().Own.Thumbprint);
    }

    [Fact]
    public void At_the_port_for_silos_the_certificate_of_a_client_is_not_believed()
    {
        using X509Certificate2 silo = _authority.Issue(PeerUsages.Silo);
        using X509Certificate2 client = _authority.Issue(PeerUsages.Client);
        using X509Certificate2 anything = _authority.Issue(PeerUsages.None);

        Assert.True(PeerCheck.IsBelieved(silo, SslPolicyErrors.RemoteCertificateNameMismatch, PeerUsages.Silo));
        Assert.True(PeerCheck.IsBelieved(client, SslPolicyErrors.None, PeerUsages.Client));
        Assert.False(PeerCheck.IsBelieved(client, SslPolicyErrors.None, PeerUsages.Silo));
        Assert.False(PeerCheck.IsBelieved(client, SslPolicyErrors.None, PeerUsages.Server));
        Assert.False(PeerCheck.IsBelieved(anything, SslPolicyErrors.None, PeerUsages.Client));
        Assert.False(PeerCheck.IsBelieved(silo, SslPolicyErrors.RemoteCertificateChainErrors, PeerUsages.Silo));
        Assert.False(PeerCheck.IsBelieved(silo, SslPolicyErrors.RemoteCertificateNotAvailable, PeerUsages.Silo));
    }

    private ClusterTlsOptions Trusting(string certificate, string? key = null, string? password = null) =>
        new()
        {
            CertificatePath = certificate,
            KeyPath = key,
            PasswordPath = password,
            AuthorityPath = _authority.AuthorityPath,
        };

    private ClusterCertificates Load(ClusterTlsOptions options) =>
        new(options, PeerUsages.Silo, _time, NullLogger<ClusterCertificates>.Instance);
}
