using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace OrleansMemory.Certificates;

/// <summary>Has silos and external clients speak TLS with certificates on both sides.</summary>
public static class ClusterTlsExtensions
{
    /// <summary>
    /// Has a silo speak TLS at its ports, where the options say so: with other silos, and with external clients at the gateway.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="options">
    /// Finds the options when the silo starts. A fault in them fails the start with an
    /// <see cref="Microsoft.Extensions.Options.OptionsValidationException"/>.
    /// </param>
    /// <returns>The silo.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ISiloBuilder UseClusterTls(this ISiloBuilder builder, Func<IServiceProvider, ClusterTlsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        if (AddCertificates(builder.Services, options, PeerUsages.Silo))
        {
            builder
                .Services.AddOptions<SiloConnectionOptions>()
                .Configure<ClusterCertificates>(
                    static (connections, certificates) =>
                    {
                        if (certificates.IsOn)
                        {
                            connections.ConfigureSiloInboundConnection(connection =>
                                connection.UseServerTls(Server(certificates, PeerUsages.Silo))
                            );
                            connections.ConfigureGatewayInboundConnection(connection =>
                                connection.UseServerTls(Server(certificates, PeerUsages.Client))
                            );
                            connections.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(Client(certificates)));
                        }
                    }
                );
        }

        return builder;
    }

    /// <summary>Has an external client speak TLS with the silos, where the options say so.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="options">
    /// Finds the options when the client starts. A fault in them fails the start with an
    /// <see cref="Microsoft.Extensions.Options.OptionsValidationException"/>.
    /// </param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IClientBuilder UseClusterTls(this IClientBuilder builder, Func<IServiceProvider, ClusterTlsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        if (AddCertificates(builder.Services, options, PeerUsages.Client))
        {
            builder
                .Services.AddOptions<ClientConnectionOptions>()
                .Configure<ClusterCertificates>(
                    static (connections, certificates) =>
                    {
                        if (certificates.IsOn)
                        {
                            connections.ConfigureConnection(connection => connection.UseClientTls(Client(certificates)));
                        }
                    }
                );
        }

        return builder;
    }

    private static bool AddCertificates(IServiceCollection services, Func<IServiceProvider, ClusterTlsOptions> options, PeerUsages own)
    {
        if (services.Any(service => service.ServiceType == typeof(ClusterCertificates)))
        {
            return false;
        }

        services.AddSingleton(provider => new ClusterCertificates(
            options(provider),
            own,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<ClusterCertificates>>()
        ));
        services.AddSingleton<IConfigurationValidator, CertificatesRequirement>();
        return true;
    }

    // A session that is resumed would bring a certificate in that was not checked now.
    private static TlsOptions Server(ClusterCertificates certificates, PeerUsages demanded) =>
        new()
        {
            RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
            RemoteCertificateValidation = (peer, _, errors) => PeerCheck.IsBelieved(peer, errors, demanded),
            LocalServerCertificateSelector = (_, _) => certificates.Take().Own,
            OnAuthenticateAsServer = (_, options) =>
            {
                LoadedCertificates taken = certificates.Take();
                var tls = (SslServerAuthenticationOptions)options.SslServerAuthenticationOptions;
                tls.ServerCertificateSelectionCallback = null;
                tls.ServerCertificateContext = taken.Context;
                tls.CertificateChainPolicy = PeerCheck.Policy(taken.Authority, certificates.Revocation, demanded);
                tls.AllowTlsResume = false;
            },
        };

    private static TlsOptions Client(ClusterCertificates certificates) =>
        new()
        {
            RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
            RemoteCertificateValidation = (peer, _, errors) => PeerCheck.IsBelieved(peer, errors, PeerUsages.Server),
            OnAuthenticateAsClient = (_, options) =>
            {
                LoadedCertificates taken = certificates.Take();
                var tls = (SslClientAuthenticationOptions)options.SslClientAuthenticationOptions;
                tls.ClientCertificateContext = taken.Context;
                tls.CertificateChainPolicy = PeerCheck.Policy(taken.Authority, certificates.Revocation, PeerUsages.Server);
                tls.AllowTlsResume = false;
            },
        };
}
