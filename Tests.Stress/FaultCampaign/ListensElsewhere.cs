using System.Globalization;
using System.Net;
using System.Runtime.Loader;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

[assembly: HostingStartup(typeof(OrleansMemory.Tests.Stress.FaultCampaign.ListensElsewhere))]

namespace OrleansMemory.Tests.Stress.FaultCampaign
{
    /// <summary>
    /// Has a silo listen on another port than the one it tells others, where a proxy is. It acts only in a process whose environment names this assembly: the
    /// product has no such setting.
    /// </summary>
    internal sealed class ListensElsewhere : IHostingStartup
    {
        private const string Variable = "ORLEANSMEMORY_LISTENING_PORT";

        /// <summary>The environment of a silo that listens elsewhere.</summary>
        /// <param name="port">Where it listens.</param>
        public static (string Name, string Value)[] At(int port) =>
        [
            (Variable, port.ToString(CultureInfo.InvariantCulture)),
            ("DOTNET_STARTUP_HOOKS", typeof(ListensElsewhere).Assembly.Location),
            ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", typeof(ListensElsewhere).Assembly.GetName().Name!),
        ];

        public void Configure(IWebHostBuilder builder)
        {
            int port = int.Parse(Environment.GetEnvironmentVariable(Variable)!, CultureInfo.InvariantCulture);
            builder.ConfigureServices(services => services.PostConfigure<EndpointOptions>(
                options => options.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, port)));
        }
    }
}

/// <summary>
/// Loads this assembly into a silo's process, in which it is found by its name then, and what it stands on from beside it. .NET asks for a class of this name.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => AssemblyLoadContext.Default.Resolving += static (context, name) =>
        Path.Combine(Path.GetDirectoryName(typeof(StartupHook).Assembly.Location)!, name.Name + ".dll") is var path && File.Exists(path)
            ? context.LoadFromAssemblyPath(path)
            : null;
}
