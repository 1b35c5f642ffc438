namespace OrleansMemory.Certificates;

/// <summary>
/// Reads the certificates when a silo or a client starts, so that a fault in them is found before anything listens or connects.
/// </summary>
/// <param name="certificates">The certificates; making them is the check.</param>
internal sealed class CertificatesRequirement(ClusterCertificates certificates) : IConfigurationValidator
{
    /// <inheritdoc />
    public void ValidateConfiguration() => _ = certificates.IsOn;
}
