using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Certificates;

/// <summary>
/// The certificates of this process, read again when their files have changed. One that cannot be used does not replace one that can.
/// </summary>
internal sealed partial class ClusterCertificates
{
    /// <summary>How long the files are not looked at again.</summary>
    public static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(30);

    private readonly Lock _looking = new();
    private readonly ClusterTlsOptions _options;
    private readonly PeerUsages _own;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private CertificateFiles? _files;
    private CertificateFiles? _refused;
    private volatile LoadedCertificates? _current;
    private long _looked;

    /// <summary>Reads the files, where TLS is on.</summary>
    /// <param name="own">What our certificate must be allowed for.</param>
    /// <param name="timeProvider">Says when to look again.</param>
    /// <param name="logger">Is told of changes.</param>
    /// <exception cref="OptionsValidationException">
    /// A setting is missing, a file does not hold what it must, or the certificate is not good.
    /// </exception>
    public ClusterCertificates(ClusterTlsOptions options, PeerUsages own, TimeProvider timeProvider, ILogger<ClusterCertificates> logger)
    {
        (_options, _own, _timeProvider, _logger) = (options, own, timeProvider, logger);
        if (options.IsOn)
        {
            _files = new CertificateFiles(options, own, timeProvider);
            _current = _files.Load();
            _looked = timeProvider.GetTimestamp();
        }
    }

    /// <summary>Whether TLS is on.</summary>
    public bool IsOn => _current is not null;

    /// <summary>Whether it is asked if a peer's certificate was revoked.</summary>
    public X509RevocationMode Revocation => _options.Revocation;

    /// <summary>What to use for the next connection.</summary>
    /// <returns>The certificates, 30 seconds old at most.</returns>
    public LoadedCertificates Take()
    {
        lock (_looking)
        {
            if (_timeProvider.GetElapsedTime(_looked) >= LookAgainAfter)
            {
                _looked = _timeProvider.GetTimestamp();
                LookAgain();
            }

            return _current!;
        }
    }

    private void LookAgain()
    {
        try
        {
            var files = new CertificateFiles(_options, _own, _timeProvider);
            if (files.HoldTheSame(_files!) || (_refused is not null && files.HoldTheSame(_refused)))
            {
                return;
            }

            _refused = files;
            _current = files.Load();
            (_files, _refused) = (files, null);
            LogRenewed(_current.Own.NotAfter.ToUniversalTime());
        }
        catch (OptionsValidationException failure)
        {
            // Half of the files may be written; those in use go on being used.
            LogRefused(failure.Message);
        }
    }

    [LoggerMessage(2300, LogLevel.Information, "The certificate for other silos and clients was renewed; it is valid until {NotAfter:u}")]
    private partial void LogRenewed(DateTime notAfter);

    [LoggerMessage(
        2301,
        LogLevel.Warning,
        "The certificate for other silos and clients was changed and cannot be used; the one before goes on being used. {Problem}"
    )]
    private partial void LogRefused(string problem);
}
