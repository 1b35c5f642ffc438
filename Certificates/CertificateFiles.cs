using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Certificates;

/// <summary>
/// The files' bytes at one moment, and what is made of them. What is wrong is said by the setting's name, without its value and without
/// what a file holds.
/// </summary>
/// <param name="own">What our certificate must be allowed for.</param>
/// <param name="timeProvider">Says whether our certificate is valid.</param>
internal sealed class CertificateFiles(ClusterTlsOptions options, PeerUsages own, TimeProvider timeProvider)
{
    private readonly byte[] _certificate = Read(
        options.CertificatePath,
        nameof(ClusterTlsOptions.CertificatePath),
        "this process's certificate (PEM or PFX)"
    );
    private readonly byte[] _authority = Read(
        options.AuthorityPath,
        nameof(ClusterTlsOptions.AuthorityPath),
        "the certificates of the authority that issues those of silos and clients (PEM)"
    );
    private readonly byte[]? _key = options.KeyPath is null
        ? null
        : Read(options.KeyPath, nameof(ClusterTlsOptions.KeyPath), "the private key (PEM)");
    private readonly byte[]? _password = options.PasswordPath is null
        ? null
        : Read(options.PasswordPath, nameof(ClusterTlsOptions.PasswordPath), "the password of the private key");

    /// <summary>Whether other files hold the same.</summary>
    /// <returns>Whether every byte is the same.</returns>
    public bool HoldTheSame(CertificateFiles other) =>
        _certificate.AsSpan().SequenceEqual(other._certificate)
        && _authority.AsSpan().SequenceEqual(other._authority)
        && _key.AsSpan().SequenceEqual(other._key)
        && _password.AsSpan().SequenceEqual(other._password);

    /// <summary>Makes certificates of them, and checks that peers would believe ours.</summary>
    /// <exception cref="OptionsValidationException">A file does not hold what it must, or the certificate is not good.</exception>
    public LoadedCertificates Load()
    {
        X509Certificate2Collection authority = LoadAuthority();
        X509Certificate2Collection chain = [];
        X509Certificate2 certificate = LoadOwn(chain);
        Check(certificate, chain, authority);

        // The platform is not asked for the chain: it would fetch what is missing.
        return new LoadedCertificates(certificate, SslStreamCertificateContext.Create(certificate, chain, offline: true), authority);
    }

    private X509Certificate2Collection LoadAuthority()
    {
        var authority = new X509Certificate2Collection();
        try
        {
            authority.ImportFromPem(Encoding.UTF8.GetString(_authority));
        }
        catch (CryptographicException)
        {
            authority.Clear();
        }

        return authority.Count > 0
            ? authority
            : throw Wrong(nameof(ClusterTlsOptions.AuthorityPath), "must name a file with one certificate or more in PEM.");
    }

    private X509Certificate2 LoadOwn(X509Certificate2Collection chain) =>
        _certificate.AsSpan().IndexOf("-----BEGIN"u8) >= 0 ? LoadPem(chain) : LoadPfx(chain);

    private X509Certificate2 LoadPem(X509Certificate2Collection chain)
    {
        string text = Encoding.UTF8.GetString(_certificate);
        try
        {
            chain.ImportFromPem(text);
            chain.RemoveAt(0);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentOutOfRangeException)
        {
            throw Wrong(nameof(ClusterTlsOptions.CertificatePath), "must name a file with a certificate in PEM, or a PFX.");
        }

        string key = _key is null ? text : Encoding.UTF8.GetString(_key);
        try
        {
            using X509Certificate2 certificate = Password() is { } password
                ? X509Certificate2.CreateFromEncryptedPem(text, key, password)
                : X509Certificate2.CreateFromPem(text, key);

            // The TLS of Windows takes no key that was never in a store.
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw Wrong(
                _key is null ? nameof(ClusterTlsOptions.CertificatePath) : nameof(ClusterTlsOptions.KeyPath),
                _password is null
                    ? "must name a file with the certificate's private key in PEM. Where the key is encrypted, set PasswordPath."
                    : "must name a file with the certificate's private key in PEM, encrypted by the password that PasswordPath names."
            );
        }
    }

    private X509Certificate2 LoadPfx(X509Certificate2Collection chain)
    {
        try
        {
            chain.AddRange(X509CertificateLoader.LoadPkcs12Collection(_certificate, Password()));
        }
        catch (CryptographicException)
        {
            throw Wrong(
                nameof(ClusterTlsOptions.CertificatePath),
                _password is null
                    ? "must name a file with a certificate in PEM, or a PFX. Where the PFX has a password, set PasswordPath."
                    : "must name a file with a certificate in PEM, or a PFX that the password opens which PasswordPath names."
            );
        }

        X509Certificate2 found =
            chain.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw Wrong(nameof(ClusterTlsOptions.CertificatePath), "names a PFX without a private key. Export it with one.");
        chain.Remove(found);
        return found;
    }

    private void Check(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection authority)
    {
        DateTime now = timeProvider.GetUtcNow().LocalDateTime;
        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            throw Wrong(
                nameof(ClusterTlsOptions.CertificatePath),
                now > certificate.NotAfter
                    ? "names a certificate that has expired. Renew it."
                    : "names a certificate that is not valid yet. Compare the machine's clock."
            );
        }

        if (!PeerCheck.Allows(certificate, own))
        {
            throw Wrong(
                nameof(ClusterTlsOptions.CertificatePath),
                own == PeerUsages.Silo
                    ? "names a certificate that a silo cannot use: it must have the extended key usages serverAuth and clientAuth."
                    : "names a certificate that a client cannot use: it must have the extended key usage clientAuth."
            );
        }

        using var chain = new X509Chain { ChainPolicy = PeerCheck.Policy(authority, X509RevocationMode.NoCheck, own) };
        chain.ChainPolicy.VerificationTime = now;
        chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        if (!chain.Build(certificate))
        {
            throw Wrong(
                nameof(ClusterTlsOptions.CertificatePath),
                "names a certificate that was not issued by the authority that AuthorityPath names: no peer would believe it."
            );
        }
    }

    private string? Password() => _password is null ? null : Encoding.UTF8.GetString(_password).TrimEnd('\r', '\n');

    private static byte[] Read(string? path, string setting, string content)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw Wrong(setting, $"is missing. Set it to a file with {content}.");
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Wrong(
                setting,
                failure is FileNotFoundException or DirectoryNotFoundException
                    ? $"names a file that does not exist. Set it to one with {content}."
                    : $"names a file that this account cannot read. Set it to one with {content}."
            );
        }
    }

    // Neither the failure of the platform, which may quote, nor the path.
    private static OptionsValidationException Wrong(string setting, string rule) =>
        new(nameof(ClusterTlsOptions), typeof(ClusterTlsOptions), [$"{nameof(ClusterTlsOptions)}.{setting} {rule}"]);
}
