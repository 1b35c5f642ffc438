using System.Security.Cryptography.X509Certificates;

namespace OrleansMemory.Certificates;

/// <summary>TLS with certificates on both sides, between silos and between silos and external clients.</summary>
/// <remarks>
/// <para>
/// TLS is on as soon as one of the paths is set; then <see cref="CertificatePath"/> and <see cref="AuthorityPath"/> are needed. A peer is
/// believed when its certificate was issued by the authority, is valid now and may be used for what it does. Names in certificates are not
/// compared: silos come and go under any address, so the authority must issue certificates for this cluster only. A silo's certificate has
/// both extended key usages, server and client authentication; that of an external client has client authentication alone, and is then
/// refused at the port for silos.
/// </para>
/// <para>
/// The files are looked at again every 30 seconds while connections are made: a certificate that was renewed in place is used without a
/// restart.
/// </para>
/// </remarks>
public sealed class ClusterTlsOptions
{
    /// <summary>
    /// The file with this process's certificate: PEM, with intermediate certificates behind it if there are any, or PFX (PKCS #12).
    /// </summary>
    /// <value>Default: <see langword="null"/>, no TLS.</value>
    public string? CertificatePath { get; set; }

    /// <summary>
    /// The file with the private key, in PEM. <see langword="null"/> where <see cref="CertificatePath"/> holds it as well, as a PFX does.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? KeyPath { get; set; }

    /// <summary>
    /// The file with the password of the private key or the PFX; line breaks at its end do not count. <see langword="null"/> for none.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? PasswordPath { get; set; }

    /// <summary>
    /// The file with the certificates of the authority, in PEM: several while one replaces another. No other authority is believed, also
    /// none of the machine's.
    /// </summary>
    /// <value>Default: <see langword="null"/>, no TLS.</value>
    public string? AuthorityPath { get; set; }

    /// <summary>
    /// Whether it is asked if a peer's certificate was revoked: not at all, of the lists that the machine has, or online. What cannot be
    /// found out counts as revoked.
    /// </summary>
    /// <value>Default: <see cref="X509RevocationMode.NoCheck"/>.</value>
    public X509RevocationMode Revocation { get; set; } = X509RevocationMode.NoCheck;

    /// <summary>Whether TLS is on.</summary>
    public bool IsOn => CertificatePath is not null || KeyPath is not null || PasswordPath is not null || AuthorityPath is not null;
}
