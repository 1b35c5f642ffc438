using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Hosting;

/// <summary>Tries the silo's ports before anything is started, so that one in use is named with its setting.</summary>
internal static class PortCheck
{
    /// <summary>Tries every port.</summary>
    /// <param name="app">The app that will listen.</param>
    /// <exception cref="OptionsValidationException">A number is no port.</exception>
    /// <exception cref="SettingException">A port cannot be listened on, or an address is not valid.</exception>
    public static void Run(WebApplication app)
    {
        // Asking for them checks them: a number that is no port is named by its rule.
        _ = app.Services.GetRequiredService<IOptions<PostgresClusterOptions>>().Value;
        EndpointOptions silo = app.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        IPAddress advertised = silo.AdvertisedIPAddress ?? IPAddress.Loopback;
        if (silo.SiloPort == silo.GatewayPort)
        {
            throw new SettingException($"{HostSetup.Section}:SiloPort and {HostSetup.Section}:GatewayPort must differ.");
        }

        using Socket siloPort = Listen(
            silo.SiloListeningEndpoint ?? new IPEndPoint(advertised, silo.SiloPort),
            $"{HostSetup.Section}:SiloPort"
        );
        using Socket? gateway =
            silo.GatewayPort == 0
                ? null
                : Listen(silo.GatewayListeningEndpoint ?? new IPEndPoint(advertised, silo.GatewayPort), $"{HostSetup.Section}:GatewayPort");
        foreach (
            string url in (app.Configuration["urls"] ?? "").Split(
                ';',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
        )
        {
            TryUrl(url);
        }
    }

    private static void TryUrl(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException failure)
        {
            throw new SettingException(
                "urls (--urls, ASPNETCORE_URLS) must be addresses such as http://127.0.0.1:5080, with semicolons between them.",
                failure
            );
        }

        if (!address.IsUnixPipe && !address.IsNamedPipe && address.Port != 0)
        {
            IPAddress listening =
                address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
                : IPAddress.TryParse(address.Host, out IPAddress? given) ? given
                : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any
                : IPAddress.Any;
            Listen(new IPEndPoint(listening, address.Port), "urls (--urls, ASPNETCORE_URLS)").Dispose();
        }
    }

    private static Socket Listen(IPEndPoint endpoint, string setting)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endpoint);
            socket.Listen();
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new SettingException(
                failure.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse =>
                        $"Port {endpoint.Port} is in use by another process. Set {setting} to a free one, or end that process.",
                    SocketError.AccessDenied => $"This account may not listen on port {endpoint.Port}. Set {setting} to one from 1024 on.",
                    _ => $"This machine cannot listen on {endpoint}. Set {setting} to an address that it has.",
                },
                failure
            );
        }
    }
}
