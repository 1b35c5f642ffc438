using OrleansMemory.AspNetCore;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Silo.Settings;

namespace OrleansMemory.Silo.Telemetry;

/// <summary>What Prometheus reads: beside everything else for operators, or at an address of its own without a key.</summary>
internal static class MetricsRoute
{
    /// <summary>The path.</summary>
    public const string Path = "/metrics";

    private const string AddressSetting = $"{MetricsOptions.Section}:{nameof(MetricsOptions.Address)}";

    /// <summary>Adds the address of scrapers to those that are listened on.</summary>
    /// <param name="builder">The app, whose own addresses are set.</param>
    /// <exception cref="SettingException">
    /// The address is not valid, or Kestrel's own endpoints are configured, which it could not stand beside.
    /// </exception>
    public static void ListenForScrapers(this WebApplicationBuilder builder)
    {
        if (ReadAddress(builder.Configuration) is not { } address)
        {
            return;
        }

        if (builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            throw new SettingException(
                $"{AddressSetting} cannot be used together with Kestrel:Endpoints. Set the addresses by urls, or let scrapers send an operator's key."
            );
        }

        builder.WebHost.UseUrls($"{builder.Configuration["urls"]};{address}");
    }

    /// <summary>Answers what comes in at the address of scrapers, and nothing there but metrics.</summary>
    public static void UseScrapers(this WebApplication app)
    {
        if (ReadAddress(app.Configuration) is not { } address)
        {
            return;
        }

        int port = BindingAddress.Parse(address).Port;
        app.MapWhen(
            context => context.Connection.LocalPort == port,
            static scrapers =>
            {
                scrapers.UseOpenTelemetryPrometheusScrapingEndpoint(Path);
                scrapers.Run(static context => ProblemWriter.WriteAsync(context, SiloProblem.NoRoute()));
            }
        );
    }

    /// <summary>Maps the route for operators.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        if (IsOn(app.Configuration))
        {
            app.MapPrometheusScrapingEndpoint(Path).ForOperators().DisableHttpMetrics();
        }
    }

    private static bool IsOn(IConfiguration configuration) =>
        configuration.GetValue($"{MetricsOptions.Section}:{nameof(MetricsOptions.Enabled)}", defaultValue: true);

    private static string? ReadAddress(IConfiguration configuration)
    {
        if (!IsOn(configuration) || configuration[AddressSetting] is not { Length: > 0 } address)
        {
            return null;
        }

        try
        {
            if (BindingAddress.Parse(address) is { Port: > 0, IsUnixPipe: false, IsNamedPipe: false, PathBase: "" })
            {
                return address;
            }
        }
        catch (FormatException)
        {
            // It is told below.
        }

        throw new SettingException($"{AddressSetting} must be an address with a port, such as http://0.0.0.0:9464.");
    }
}
