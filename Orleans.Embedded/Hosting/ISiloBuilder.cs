using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>Sets up the grain host inside an application.</summary>
public interface ISiloBuilder
{
    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }

    /// <summary>The configuration of the application.</summary>
    IConfiguration Configuration { get; }
}
