using System.Globalization;
using System.Net;
using System.Runtime.Loader;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

[assembly: HostingStartup(typeof(OrleansMemory.Tests.Stress.FaultCampaign.SiloHook))]

namespace OrleansMemory.Tests.Stress.FaultCampaign
{
    /// <summary>
    /// Has a silo listen on another port than the one it tells others, where a proxy is, and gives it a clock that can be set. It acts only
    /// in a process whose environment names this assembly: the product has no such settings.
    /// </summary>
    internal sealed class SiloHook : IHostingStartup
    {
        private const string Port = "FAULT_CAMPAIGN_PORT";
        private const string Clock = "FAULT_CAMPAIGN_CLOCK";

        /// <summary>The environment of a silo that listens elsewhere, by a clock of its own.</summary>
        /// <param name="clock">The file that its clock follows.</param>
        public static (string Name, string Value)[] Variables(int port, string clock) =>
            [
                (Port, port.ToString(CultureInfo.InvariantCulture)),
                (Clock, clock),
                ("OrleansMemory:Clock:ComparesOwnClock", "true"),
                ("DOTNET_STARTUP_HOOKS", typeof(SiloHook).Assembly.Location),
                ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", typeof(SiloHook).Assembly.GetName().Name!),
            ];

        public void Configure(IWebHostBuilder builder)
        {
            // An app in a test's own process gets here too: it is called as this assembly is.
            if (!int.TryParse(Environment.GetEnvironmentVariable(Port), CultureInfo.InvariantCulture, out int port))
            {
                return;
            }

            builder.ConfigureServices(services =>
            {
                services.PostConfigure<EndpointOptions>(options =>
                    options.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, port)
                );
                services.AddSingleton<TimeProvider>(new FileClock(Environment.GetEnvironmentVariable(Clock)!));
            });
        }
    }
}

/// <summary>
/// Loads this assembly into a silo's process, in which it is found by its name then, and what it stands on from beside it. .NET asks for a
/// class of this name.
/// </summary>
#pragma warning disable MA0047 // .NET finds it by this name alone.
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize() =>
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            Path.Combine(Path.GetDirectoryName(typeof(StartupHook).Assembly.Location)!, name.Name + ".dll") is var path && File.Exists(path)
                ? context.LoadFromAssemblyPath(path)
                : null;
}
